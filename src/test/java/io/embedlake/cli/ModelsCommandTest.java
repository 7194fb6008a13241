package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Main.run(
                Map.of("EMBEDLAKE_CACHE", folder.toString(), "HF_HOME", folder.toString(), "HF_HUB_OFFLINE", "1"),
                new PrintStream(out),
                new PrintStream(err),
                arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void listsWhatIsCachedAndWhatIsNot() {
        assertEquals(0, run("models", "list"));
        assertTrue(printed().contains("not cached"), printed());
        assertEquals(0, run("models", "pull", "--output", "json"));
        assertTrue(printed().contains("\"state\":\"cached\""), printed());
        assertEquals(0, run("models", "remove"));
        assertTrue(printed().contains("removed"), printed());
    }

    @Test
    void tellsOfTheModelWhatAJobWouldMakeOfIt() {
        assertEquals(0, run("models", "info", "--output", "json"));
        String expected = "\"pooling\":\"mean\",\"normalize\":true,\"max_tokens\":256,\"precision\":\"";
        assertTrue(printed().contains(expected), printed());
    }

    @Test
    void refusesModelsThatAreNotHere() {
        assertEquals(2, run("models", "pull", "intfloat/e5-small-v2"));
        assertEquals(2, run("models", "verify", folder.toString()));
        assertEquals(2, run("models"));
        assertEquals(3, err.toString(StandardCharsets.UTF_8).lines().count());
        assertEquals("", printed());
    }
}
