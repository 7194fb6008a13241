package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    private static final Path CONF = Path.of("conf");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static JobSpec load(String name) {
        return JobFile.load(CONF.resolve(name), List.of(), Map.of(), Path.of("").toAbsolutePath());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loadsWithoutAnyEnvironmentAndSaysItsScenario(Path example) throws IOException {
        load(example.getFileName().toString());
        List<String> lines = Files.readAllLines(example);
        assertTrue(lines.get(0).startsWith("# ") && lines.get(1).startsWith("# "), "starts with two lines of comment");
    }

    @Test
    void reviewsChangeTheirTableInPlace() {
        JobSpec job = load("reviews.yaml");
        assertEquals(job.source().table(), job.target().table());
    }

    @Test
    void catalogTablesAreReadAndWrittenSeparately() {
        JobSpec job = load("catalog-tables.yaml");
        assertEquals("main.support.messages", job.source().table().sql());
        assertEquals("main.search.message_vectors", job.target().table().sql());
        assertEquals(List.of("ticket_id", "message_no"), job.source().id());
    }

    @Test
    void templateJoinsTitleAndBody() {
        assertEquals(
                List.of("title", "body"),
                load("template.yaml").embeddings().get(0).attribute().fields());
    }
}
