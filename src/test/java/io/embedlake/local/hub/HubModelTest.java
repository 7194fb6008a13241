package io.embedlake.local.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sentence-transformers/all-MiniLM-L6-v2",
                "bert-base-uncased",
                "a/b",
                "org/name.v1_x",
                "org/name@main",
                "org/name@v1.0",
                "org/name@refs/pr/1",
                "org/name@" + COMMIT,
            })
    void printsAsItWasWritten(String text) {
        assertEquals(text, HubModel.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "./model",
                "/opt/model",
                "../model",
                "a/b/c",
                "org/",
                "/name",
                "org/-name",
                "org/name-",
                "org/na--me",
                "org/na..me",
                "org/name.git",
                "org/na me",
                "org/näme",
                "org\\name",
                "org/name@",
                "org/name@../x",
                "org/name@a//b",
                "org/name@/x",
                "org/name@-x",
                "org/name@a@b",
                "org/name@a b",
                "org/name\n",
            })
    void isNoModelOfTheHub(String text) {
        assertEquals(Optional.empty(), HubModel.parse(text));
    }

    @Test
    void meansMainUnlessARevisionIsNamed() {
        assertEquals("main", HubModel.parse("org/name").orElseThrow().revisionOrMain());
        assertEquals("v1", HubModel.parse("org/name@v1").orElseThrow().revisionOrMain());
    }

    @Test
    void onlyAWholeHashPinsACommit() {
        assertEquals(
                Optional.of(COMMIT),
                HubModel.parse("org/name@" + COMMIT).orElseThrow().pinnedCommit());
        assertEquals(
                Optional.empty(),
                HubModel.parse("org/name@" + COMMIT.substring(1)).orElseThrow().pinnedCommit());
        assertEquals(Optional.empty(), HubModel.parse("org/name").orElseThrow().pinnedCommit());
    }

    @Test
    void aNameThatIsNoneCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> new HubModel("../x", Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new HubModel("a/b", Optional.of("..")));
        assertTrue(HubModel.parse("x".repeat(97)).isEmpty());
    }
}
