package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {
    @TempDir
    Path folder;

    private JobFiles files;

    @BeforeEach
    void prepare() {
        files = new JobFiles(folder);
    }

    private String refusal(Path file) {
        EmbedlakeException refusal =
                assertThrows(EmbedlakeException.class, () -> JobFile.load(file, List.of(), Map.of(), folder));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        return refusal.getMessage();
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertEquals(
                "Cannot read the job file: conf/x.yaml (no such file). Name a job file that can be read.",
                refusal(Path.of("conf/x.yaml")));
    }

    @Test
    void refusesADirectory() {
        assertEquals(
                "Cannot read the job file: . (a directory; a job is one file). Name a job file that can be read.",
                refusal(Path.of(".")));
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Files.write(folder.resolve("latin.yaml"), new byte[] {'j', 'o', 'b', ':', ' ', (byte) 0xE9});
        assertTrue(refusal(Path.of("latin.yaml")).contains("latin.yaml (not UTF-8 text)"));
    }

    @Test
    void refusesAHugeFile() throws IOException {
        Files.writeString(folder.resolve("huge.yaml"), "# padding\n".repeat(110_000));
        assertTrue(refusal(Path.of("huge.yaml")).contains("huge.yaml (too long; a job file has at most 1 MiB)"));
    }

    @Test
    void ignoresAByteOrderMark() {
        assertEquals("reviews", files.load("\uFEFF" + JobFiles.MINIMAL).job());
    }

    @Test
    void refusesAnEmptyFile() {
        List<String> expected = List.of("job.yaml:1: is empty (a job has at least job, source, embeddings)");
        assertEquals(expected, files.problems(""));
        assertEquals(expected, files.problems("# only a comment\n"));
    }

    @Test
    void refusesAFileThatIsNoGroupOfKeys() {
        assertEquals(List.of("job.yaml:1: is a list (a group of keys is expected)"), files.problems("- job: x\n"));
        assertEquals(
                List.of("job.yaml:2: is a single value (a group of keys is expected)"), files.problems("\nreviews\n"));
    }

    @Test
    void saysWhereAFileIsNotYaml() {
        assertEquals(
                List.of("job.yaml:4: is not YAML: while parsing a flow sequence, expected ',' or ']', but got :"),
                files.problems("job: reviews\nsource:\n  table: [a, b\n  id: x\n"));
        assertEquals(
                List.of("job.yaml:2: is not YAML: while scanning for the next token, found character '`'"
                        + " at the start of a value. Put the value in quotes."),
                files.problems("source:\n  table: `a`.b\n"));
        assertEquals(
                List.of("job.yaml:2: is not YAML: the character U+0007 is not allowed"),
                files.problems("job: reviews\nsource: \u0007\n"));
        assertTrue(files.problems("job: a\n\tsource: x\n").get(0).startsWith("job.yaml:2: is not YAML: "));
    }

    @Test
    void refusesTwoDocuments() {
        assertEquals(
                List.of("job.yaml:8: is not YAML: expected a single document in the stream,"
                        + " but found another document"),
                files.problems(JobFiles.MINIMAL + "---\n" + JobFiles.MINIMAL));
    }

    @Test
    void refusesDuplicateKeysAndNamesBothLines() {
        assertEquals(
                List.of(
                        "job.yaml:8: job: is given twice (first at job.yaml:1). Remove one.",
                        "job.yaml:9: embeddings: is given twice (first at job.yaml:5). Remove one."),
                files.problems(JobFiles.MINIMAL + "job: other\nembeddings: []\n"));
    }

    @Test
    void refusesTagsAndKeysThatAreNoNames() {
        assertEquals(
                List.of(
                        "job.yaml:1: job: has the tag !secret (a job file knows no tags). Remove the tag.",
                        "job.yaml:8: has a key that is a list or a group (keys are names)"),
                files.problems(JobFiles.MINIMAL.replace("job: ", "job: !secret ") + "? [a, b]\n: c\n"));
    }

    @Test
    void takesAliasesButNoBombs() {
        String shared = JobFiles.MINIMAL.replace("id: review_id", "id: &id [a, b]") + "    reduce: &r {dimensions: 8}\n"
                + "  - {column: c, attribute: d, reduce: *r}\n";
        assertEquals(8, files.load(shared).embeddings().get(1).reduce().dimensions());

        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        List<String> problems = assertTimeoutPreemptively(Duration.ofMinutes(5), () -> files.problems(bomb.toString()));
        assertTrue(problems.get(0).contains("is not YAML: Number of aliases"), problems.get(0));
    }

    @Test
    void refusesEndlessAndBottomlessNesting() {
        assertEquals(
                List.of("job.yaml:1: is not YAML: an alias refers to the value it is part of"),
                files.problems("job: &a [*a]\n"));
        assertEquals(
                List.of("job.yaml:1: is not YAML: lists and groups are nested more than 32 deep"),
                files.problems("job: " + "[".repeat(100_000)));
    }

    @Test
    void listsEveryProblemAtOnceInTheOrderOfTheFileAndOverridesLast() {
        assertEquals(
                List.of(
                        "job.yaml:1: job: no good has other characters than allowed (letters, digits, _ - .)",
                        "job.yaml:2: source.id: is missing, for example id: review_id",
                        "job.yaml:4: embeddings[0].column: is missing, for example column: text_embedding",
                        "job.yaml:5: embeddings[0]: unknown key modle; did you mean model?",
                        "job.yaml:6: embeddings[0].reduce.dimensions: 0 is out of range (1 to 4096)",
                        "--set: waves.rows: 1e5 is not a whole number"
                                + " (digits only, no separators, no leading zeros; 1 to 100000000)"),
                files.problems(
                        """
                                job: no good
                                source: {table: a.b.c}
                                embeddings:
                                  - attribute: text
                                    modle: x
                                    reduce: {dimensions: 0}
                                """,
                        "waves.rows=1e5"));
    }

    @Test
    void reportsNoFollowUpProblemsOfAGroupOfTheWrongKind() {
        assertEquals(
                List.of(
                        "job.yaml:2: source: is a single value (a group of keys is expected)",
                        "job.yaml:3: embeddings: is a group of keys (a list is expected)"),
                files.problems("job: a\nsource: b\nembeddings: {column: c}\n"));
    }

    @Test
    void refusesDamagedFilesInNoOtherWay() {
        String whole = ReferenceYaml.text().replaceAll("(?m)^ *#.*\n", "");
        String pieces = "[]{}:,.`'\"$-#&*!|> \n\t0aé\u0007";
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            StringBuilder damaged = new StringBuilder(whole);
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                int from = random.nextInt(damaged.length());
                int to = Math.min(damaged.length(), from + random.nextInt(random.nextInt(10) == 0 ? 60 : 4));
                damaged.replace(from, to, String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            try {
                files.load(damaged.toString());
            } catch (EmbedlakeException e) {
                assertEquals(ErrorKind.CONFIGURATION, e.kind());
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("round " + round + ":\n" + damaged, e);
            }
        }
        assertTrue(refused > 333, "only " + refused + " damaged files were refused");
    }
}
