package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DescribedEmbeddingTest {
    private static final Path CONF = Path.of("conf");

    @Test
    void theEmbeddingsOfAllExamplesComeBackFromTheirDescriptions() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(CONF)) {
            files = found.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertTrue(files.size() > 10);
        for (Path file : files) {
            JobSpec job = JobFile.load(file, List.of(), Map.of(), Path.of("").toAbsolutePath());
            for (EmbeddingSpec embedding : job.embeddings()) {
                assertEquals(
                        Optional.of(embedding), EmbeddingSpec.of(job.describe(), embedding.column()), () -> file + "");
            }
        }
    }

    @Test
    void aColumnThatTheJobDoesNotMakeHasNone() {
        JobSpec job = JobFile.parse(
                "job: x\nsource: {table: a, id: id}\nembeddings: [{column: Vector, attribute: text, platform: hashing}]",
                List.of(),
                Map.of(),
                Path.of("/"));
        assertEquals(Optional.empty(), EmbeddingSpec.of(job.describe(), "vector_full"));
        assertEquals(
                "Vector",
                EmbeddingSpec.of(job.describe(), "vector").orElseThrow().column());
    }
}
