package io.embedlake.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rewrites the quickstart's table when run with {@code -Dembedlake.update=true}. */
class QuickstartDataTest {
    private static final Path FILE = Path.of("conf/quickstart/definitions.jsonl");
    private static final List<String> CATEGORIES =
            List.of("animal", "artifact", "body", "feeling", "food", "person", "phenomenon", "plant");
    private static final int ROWS_OF_EACH = 500;

    @Test
    void quickstartHoldsTheMostUsedNounsOfWordNet() throws IOException {
        String expected = WordNetDefinitions.mostUsed(CATEGORIES, ROWS_OF_EACH).stream()
                .map(definition -> definition.json() + "\n")
                .collect(Collectors.joining());
        if (Boolean.getBoolean("embedlake.update")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, expected);
        }
        assertEquals(expected, Files.readString(FILE));
    }
}
