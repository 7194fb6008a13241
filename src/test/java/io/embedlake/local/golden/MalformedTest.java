package io.embedlake.local.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.local.head.Head;
import io.embedlake.local.head.LayerChoice;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Damaged and hostile checkpoints, on the whole way from the files to a loaded network. */
class MalformedTest {
    private static final Path FOLDER = Golden.folder("malformed");

    @TestFactory
    Stream<DynamicTest> everyCheckpointIsRefusedOrLoadsAsItShould() {
        JsonNode cases = Golden.json(FOLDER.resolve("cases.json")).path("cases");
        assertTrue(cases.size() > 0);
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> DynamicTest.dynamicTest(one.path("folder").asText(), () -> check(one)));
    }

    private static void check(JsonNode one) throws IOException {
        Path folder = FOLDER.resolve(one.path("folder").asText());
        if (one.path("expect").asText().equals("load")) {
            load(folder);
        } else {
            EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> load(folder));
            assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
            assertTrue(refusal.getMessage().contains(folder.toString()), refusal.getMessage());
            assertTrue(refusal.getMessage().matches("(?s)Cannot .*\\. .*"), refusal.getMessage());
        }
        assertFalse(Files.exists(Path.of("PWNED")), "something in the file was run");
        try (Stream<Path> files = Files.walk(FOLDER)) {
            assertTrue(files.noneMatch(file -> file.endsWith("PWNED")), "something in the file was run");
        }
    }

    private static void load(Path folder) {
        NetworksTest.load(folder, folder.resolve("config.json"), new Head.PerPart(LayerChoice.LAST))
                .close();
    }
}
