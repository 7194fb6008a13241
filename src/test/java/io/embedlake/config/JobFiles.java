package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes job files into a folder and loads them. Immutable. */
record JobFiles(Path folder) {
    static final String NAME = "job.yaml";

    /** The shortest job. */
    static final String MINIMAL =
            """
            job: reviews
            source:
              table: delta.`warehouse/reviews`
              id: review_id
            embeddings:
              - column: text_embedding
                attribute: text
            """;

    JobSpec load(String yaml, String... overrides) {
        return load(yaml, Map.of(), overrides);
    }

    JobSpec load(String yaml, Map<String, String> environment, String... overrides) {
        try {
            Files.writeString(folder.resolve(NAME), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JobFile.load(Path.of(NAME), List.of(overrides), environment, folder);
    }

    /** The lines of the message, without the first, which only counts them. */
    List<String> problems(String yaml, String... overrides) {
        return problems(yaml, Map.of(), overrides);
    }

    List<String> problems(String yaml, Map<String, String> environment, String... overrides) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> load(yaml, environment, overrides));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        List<String> lines = Arrays.asList(refusal.getMessage().split("\n"));
        List<String> problems = lines.subList(1, lines.size());
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        assertEquals("Cannot use the job file " + NAME + ": " + count + ".", lines.get(0));
        return problems;
    }

    /** The minimal job with more keys in its only embedding. */
    static String withEmbeddingKeys(String... lines) {
        return MINIMAL + Arrays.stream(lines).map(line -> "    " + line + "\n").reduce("", String::concat);
    }
}
