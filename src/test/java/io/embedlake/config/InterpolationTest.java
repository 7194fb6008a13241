package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.SecretReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "one", "B_2", "${A}", "EMPTY", "", "N", "128");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "plain, plain",
                "${A}, one",
                "x${A}y${A}z, xoneyonez",
                "${B_2}, ${A}",
                "a${EMPTY}b, ab",
                "${NONE:-two}, two",
                "${NONE:-}x, x",
                "${EMPTY:-two}, two",
                "${A:-two}, one",
                "$${A}, ${A}",
                "$$${A}, $${A}",
                "$A $ {A} {A}, $A $ {A} {A}",
                "{a} $${A} ${A}, {a} ${A} one"
            })
    void fillsInTheEnvironment(String text, String filled) {
        assertEquals(filled, Interpolation.fill(text, ENVIRONMENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "${A", "${A B}", "${1}", "x ${:-a}", "${A} ${B"})
    void refusesABraceWithoutAName(String text) {
        assertEquals(
                "opens ${ without a name and a closing brace (${NAME} or ${NAME:-default}; $${ for a plain ${)",
                assertThrows(IllegalArgumentException.class, () -> Interpolation.fill(text, ENVIRONMENT))
                        .getMessage());
    }

    @Test
    void reportsNamesThatAreNotSetWithLineAndKey(@TempDir Path folder) {
        assertEquals(
                List.of("job.yaml:4: source.id: ${ID} names ID, which the environment does not set."
                        + " Set it or write ${ID:-default}."),
                new JobFiles(folder).problems(JobFiles.MINIMAL.replace("review_id", "${ID}")));
    }

    @Test
    void fillsInValuesOfEveryKind(@TempDir Path folder) {
        JobSpec job = new JobFiles(folder)
                .load(
                        JobFiles.withEmbeddingKeys("batch-tokens: ${N}")
                                .replace("review_id", "[\"${A}\", \"${X:-b}\"]"),
                        ENVIRONMENT,
                        "waves.rows=${N}");
        assertEquals(new BatchTokens(128), job.embeddings().get(0).compute().batchTokens());
        assertEquals(128, job.waves().rows());
        assertEquals(List.of("one", "b"), job.source().id());
    }

    @Test
    void quotesWhatWasWrittenAndNotWhatWasFilledIn(@TempDir Path folder) {
        List<String> problems = new JobFiles(folder)
                .problems(JobFiles.withEmbeddingKeys("batch-tokens: ${TOKEN}"), Map.of("TOKEN", "s3cr3t"));
        assertEquals(1, problems.size());
        assertFalse(problems.get(0).contains("s3cr3t"));
        assertEquals(
                "job.yaml:8: embeddings[0].batch-tokens: ${TOKEN} is not a whole number"
                        + " (digits only, no separators, no leading zeros; 64 to 1000000, or auto)",
                problems.get(0));
    }

    @Test
    void leavesReferencesToSecretsAlone(@TempDir Path folder) {
        JobSpec job = new JobFiles(folder)
                .load(JobFiles.MINIMAL + "spark: {spark.a: \"file:/${A}\", spark.b: \"${A}\"}\n", ENVIRONMENT);
        assertEquals(
                new Setting.Secret(new SecretReference(SecretReference.Store.FILE, "/${A}")),
                job.spark().get("spark.a"));
        assertEquals("one", job.spark().get("spark.b").resolve(Map.of(), path -> ""));
    }
}
