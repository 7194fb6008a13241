package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {
    @TempDir
    Path folder;

    private JobFiles files;

    @BeforeEach
    void prepare() {
        files = new JobFiles(folder);
    }

    private JobSpec set(String... overrides) {
        return files.load(JobFiles.MINIMAL, overrides);
    }

    private void refuses(String override, String... problems) {
        assertEquals(List.of(problems), files.problems(JobFiles.MINIMAL, override));
    }

    @Test
    void replacesAndAddsValues() {
        JobSpec job = set("job=other", "waves.minutes=5", "embeddings[0].reduce.dimensions=8", "source.id=[a, b]");
        assertEquals("other", job.job());
        assertEquals(5, job.waves().duration().toMinutes());
        assertEquals(8, job.embeddings().get(0).reduce().dimensions());
        assertEquals(List.of("a", "b"), job.source().id());
    }

    @Test
    void theLastOneCounts() {
        assertEquals("c", set("job=b", "job=c").job());
    }

    @Test
    void takesWholeGroupsAndLists() {
        assertEquals(
                ReduceSpec.Method.NONE,
                set("embeddings[0].reduce={method: none}")
                        .embeddings()
                        .get(0)
                        .reduce()
                        .method());
        assertEquals(
                "other",
                set("embeddings=[{column: other, attribute: title}]")
                        .embeddings()
                        .get(0)
                        .column());
    }

    @Test
    void anIndexOnePastTheEndAppends() {
        JobSpec job = set("embeddings[1].column=title_embedding", "embeddings[1].attribute={title}");
        assertEquals(2, job.embeddings().size());
        assertEquals(List.of("title"), job.embeddings().get(1).attribute().fields());
        refuses(
                "embeddings[2].column=x",
                "--set: embeddings[2].column: skips items (embeddings has 1). Write embeddings[1] to add one.");
    }

    @Test
    void textsAreTakenAsTheyAreUnlessQuoted() {
        JobSpec job = set("source.where=a: b # {c} = 'd'", "target.table=`my-catalog`.a.b");
        assertEquals("a: b # {c} = 'd'", job.source().where().orElseThrow());
        assertEquals("`my-catalog`.a.b", job.target().table().toString());
        assertEquals(
                "{title}\n{body}",
                set("embeddings[0].attribute=\"{title}\\n{body}\"")
                        .embeddings()
                        .get(0)
                        .attribute()
                        .source());
        assertEquals("a = 'b=c'", set("source.where=a = 'b=c'").source().where().orElseThrow());
    }

    @Test
    void sparkSettingsKeepTheirDots() {
        assertEquals(
                Map.of("spark.sql.shuffle.partitions", new Setting.Literal("8", "8")),
                set("spark.spark.sql.shuffle.partitions=8").spark());
        refuses(
                "spark.sql.shuffle.partitions=8",
                "--set: spark.sql.shuffle.partitions: sql.shuffle.partitions is not the name of a Spark setting"
                        + " (names start with spark.). Name it spark.sql.shuffle.partitions below the key spark.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".job", "job.", "a..b", "embeddings[]", "embeddings[x].column", "[0]", "a b"})
    void refusesWhatIsNoPath(String path) {
        String shown = path.isEmpty() ? "" : path + ": ";
        refuses(path + "=x", "--set: " + shown + "is not the path of a key (such as embeddings[0].reduce.dimensions)");
    }

    @Test
    void refusesWhatIsNoPair() {
        refuses("job", "--set: job: has no value (key=value)");
        refuses("job=", "--set: job: is empty (a name is expected). Give it a value or remove the key.");
    }

    @Test
    void refusesPathsThatLeadNowhere() {
        refuses(
                "embeddings.column=x",
                "--set: embeddings.column: names no item of the list embeddings. Write embeddings[0].column.");
        refuses("job.name=x", "--set: job.name: has no place: job is a single value");
        refuses("source[0]=x", "--set: source[0]: has no place: source is a group of keys and no list");
        refuses("source.tabel=x", "--set: source: unknown key tabel; did you mean table?");
        refuses("wave.rows=1", "--set: unknown key wave; did you mean waves?");
    }

    @Test
    void refusesWhatIsNotYaml() {
        String problem = files.problems(JobFiles.MINIMAL, "source.id=[a").get(0);
        assertTrue(problem.startsWith("--set: source.id: is not YAML: "), problem);
    }

    @Test
    void mendsAFile() {
        assertEquals(
                new BatchTokens(64),
                files.load(JobFiles.withEmbeddingKeys("batch-tokens: 1"), "embeddings[0].batch-tokens=64")
                        .embeddings()
                        .get(0)
                        .compute()
                        .batchTokens());
        assertEquals(
                8,
                files.load(JobFiles.withEmbeddingKeys("reduce:"), "embeddings[0].reduce.dimensions=8")
                        .embeddings()
                        .get(0)
                        .reduce()
                        .dimensions());
    }
}
