package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed as by {@code kill -9}; the run that follows ends with exactly the table of a run that nobody disturbed,
 * and embeds again what the wave in flight had embedded, at most. The moments are found by looking at what the process has
 * left on disk; the runs that follow share this JVM, whose Spark is warm.
 */
class KillIT {
    private static final int ROWS = 2400;
    private static final int WAVE_ROWS = 400;
    private static final int ATTEMPTS = 4;
    private static final String VECTOR = "definition_embedding";
    private static final Pattern PROGRESS = Pattern.compile("([\\d,]+) of [\\d,]+ texts");

    @TempDir
    static Path folder;

    private static final Map<Layout, Undisturbed> UNDISTURBED = new EnumMap<>(Layout.class);

    /** Where the vectors go. */
    private enum Layout {
        IN_PLACE,
        SEPARATE
    }

    /** A moment to kill at, and what is on disk when it was met. */
    private enum Moment {
        STORE_CREATED,
        FIRST_WAVE,
        MIDDLE_WAVE,
        ALL_WAVES,
        REDUCER_SAVED,
        TARGET_COMMITTED;

        boolean hasCome(Tables tables, Undisturbed whole) {
            return switch (this) {
                case STORE_CREATED -> tables.storeVersion() >= 0;
                case FIRST_WAVE -> tables.storeVersion() >= 1;
                case MIDDLE_WAVE -> tables.storeVersion() >= whole.waves() / 2;
                case ALL_WAVES -> tables.storeVersion() >= whole.waves();
                case REDUCER_SAVED -> version(tables.reducers()) >= 1;
                case TARGET_COMMITTED -> version(tables.target()) > whole.targetBefore();
            };
        }

        boolean isNow(Tables tables, Undisturbed whole) {
            long waves = tables.storeVersion();
            boolean published = version(tables.target()) > whole.targetBefore();
            boolean reduced = version(tables.reducers()) >= 1;
            return switch (this) {
                case STORE_CREATED -> waves == 0;
                case FIRST_WAVE -> waves >= 1 && waves < whole.waves() / 2;
                case MIDDLE_WAVE -> waves >= whole.waves() / 2 && waves < whole.waves();
                case ALL_WAVES -> waves == whole.waves() && !reduced;
                case REDUCER_SAVED -> reduced && !published;
                case TARGET_COMMITTED -> published && version(tables.runs()) < 1;
            };
        }
    }

    /** The tables of a job, all in one folder. */
    private record Tables(Path folder) {
        Path jobFile() {
            return folder.resolve("job.yaml");
        }

        Path target() {
            return folder.resolve("target");
        }

        Path store() {
            return folder.resolve("store");
        }

        Path reducers() {
            return folder.resolve("store_reducers");
        }

        Path runs() {
            return folder.resolve("store_runs");
        }

        /** Version 0 makes the table, each wave is one more. */
        long storeVersion() {
            return version(store());
        }

        Set<String> storedHashes() {
            Set<String> hashes = new HashSet<>();
            for (Row row : LocalRun.spark()
                    .read()
                    .format("delta")
                    .load(store().toString())
                    .select("content_hash")
                    .collectAsList()) {
                assertTrue(hashes.add(row.getString(0)), "a hash is in the store twice: " + row.getString(0));
            }
            return hashes;
        }
    }

    /** How a run ends that nobody disturbs. */
    private record Undisturbed(Path template, PublishedTable table, long waves, int texts, long targetBefore) {}

    /** A run that was killed, and what it had committed. */
    private record Killed(Tables tables, RunningProcess.Ended process, int stored) {}

    /** The run that nobody disturbs, once for each layout. */
    private static Undisturbed undisturbed(Layout layout) throws Exception {
        Undisturbed known = UNDISTURBED.get(layout);
        if (known != null) {
            return known;
        }
        Path template = folder.resolve("template-" + layout);
        Path file = Project.definitions(template.resolve("definitions.jsonl"), ROWS);
        if (layout == Layout.IN_PLACE) {
            LocalRun.spark()
                    .read()
                    .json(file.toString())
                    .repartition(2)
                    .write()
                    .format("delta")
                    .save(template.resolve("target").toString());
        }
        Tables tables = tables(template, layout, "hashing", WAVE_ROWS);
        long targetBefore = version(tables.target());
        Tables whole = copy(template, "undisturbed-" + layout, layout, "hashing", WAVE_ROWS);
        LocalRun.embed(whole.jobFile());
        int texts = whole.storedHashes().size();
        long waves = whole.storeVersion();
        assertTrue(waves >= 5, "only " + waves + " waves");
        Undisturbed undisturbed = new Undisturbed(
                template, PublishedTable.read(whole.target(), "synset", VECTOR), waves, texts, targetBefore);
        UNDISTURBED.put(layout, undisturbed);
        return undisturbed;
    }

    @Tag("heavy")
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"MIDDLE_WAVE"})
    void killedRunIsMadeGoodInATableOfItsOwn(Moment moment) throws Exception {
        makesGood(Layout.SEPARATE, killAt(moment, Layout.SEPARATE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"TARGET_COMMITTED"})
    void killedRunIsMadeGoodInPlace(Moment moment) throws Exception {
        makesGood(Layout.IN_PLACE, killAt(moment, Layout.IN_PLACE));
    }

    @Tag("heavy")
    @ParameterizedTest
    @CsvSource({
        "STORE_CREATED, SEPARATE",
        "REDUCER_SAVED, SEPARATE",
        "FIRST_WAVE, IN_PLACE",
        "TARGET_COMMITTED, SEPARATE",
        "ALL_WAVES, IN_PLACE"
    })
    void runKilledAtOtherMomentsIsMadeGood(Moment moment, Layout layout) throws Exception {
        makesGood(layout, killAt(moment, layout));
    }

    @Tag("heavy")
    @ParameterizedTest
    @CsvSource({"IN_PLACE", "SEPARATE"})
    void runKilledAtARandomTimeIsMadeGood(Layout layout) throws Exception {
        long seed = Long.getLong("embedlake.seed", System.nanoTime());
        System.out.println("KillIT " + layout + ": -Dembedlake.seed=" + seed);
        Undisturbed whole = undisturbed(layout);
        long longest = timeOfAProcess(whole, layout).toMillis();
        Duration delay = Duration.ofMillis((long) (new Random(seed).nextDouble() * longest));
        Tables tables = copy(whole.template(), "random-" + layout, layout, "hashing", WAVE_ROWS);
        try (RunningProcess process = embed(tables)) {
            process.await(delay);
            makesGood(layout, killed(tables, process));
        }
    }

    private static Duration timeOfAProcess(Undisturbed whole, Layout layout) throws Exception {
        Tables tables = copy(whole.template(), "timed-" + layout, layout, "hashing", WAVE_ROWS);
        long begin = System.nanoTime();
        try (RunningProcess process = embed(tables)) {
            process.end().requireExit(0);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /**
     * A neural network's vectors depend, in the last bits, on the batch they were made in, and a wave's are cut anew. Those of bf16, which
     * some processors take by themselves, are coarse.
     */
    @Tag("heavy")
    @Test
    void killedRunOfATransformerIsMadeGood() throws Exception {
        Path template = folder.resolve("template-transformer");
        Project.definitions(template.resolve("definitions.jsonl"), 300);
        Tables whole = copy(template, "transformer-undisturbed", Layout.SEPARATE, "huggingface", 64);
        LocalRun.embed(whole.jobFile());
        long waves = whole.storeVersion();
        assertTrue(waves >= 4, "only " + waves + " waves");
        PublishedTable expected = PublishedTable.read(whole.target(), "synset", VECTOR);

        Tables tables = copy(template, "transformer-killed", Layout.SEPARATE, "huggingface", 64);
        try (RunningProcess process = embed(tables)) {
            process.await(() -> tables.storeVersion() >= 2);
            Killed killed = killed(tables, process);
            assertEquals(137, killed.process().exitCode(), killed.process().err());
            JsonNode column = LocalRun.embed(tables.jobFile()).get("columns").get(0);
            assertEquals(killed.stored(), column.get("already_embedded").asInt());
            assertEquals(whole.storedHashes(), tables.storedHashes());
        }
        PublishedTable actual = PublishedTable.read(tables.target(), "synset", VECTOR);
        expected.requireSameButForVectors(actual);
        Map<String, List<Integer>> before = fullVectors(whole);
        Map<String, List<Integer>> after = fullVectors(tables);
        double leastFull = before.keySet().stream()
                .mapToDouble(hash -> PublishedTable.cosine(before.get(hash), after.get(hash)))
                .min()
                .orElseThrow();
        System.out.printf(
                "KillIT transformer: full vectors %s, least cosine %.9f; published vectors %s, least cosine %.9f%n",
                before.equals(after) ? "equal bit for bit" : "differ in their last bits",
                leastFull,
                expected.vectors().equals(actual.vectors()) ? "equal bit for bit" : "differ in their last bits",
                expected.leastCosine(actual));
        assertTrue(leastFull >= 0.999999, "full vectors: " + leastFull);
        assertTrue(expected.leastCosine(actual) >= 0.999999, "published vectors: " + expected.leastCosine(actual));
    }

    private static Killed killAt(Moment moment, Layout layout) throws Exception {
        Undisturbed whole = undisturbed(layout);
        for (int attempt = 1; ; attempt++) {
            String name = moment + "-" + layout + "-" + attempt;
            Tables tables = copy(whole.template(), name, layout, "hashing", WAVE_ROWS);
            try (RunningProcess process = embed(tables)) {
                process.await(() -> moment.hasCome(tables, whole));
                Killed killed = killed(tables, process);
                if (killed.process().exitCode() == 137 && moment.isNow(tables, whole)) {
                    return killed;
                }
                assertTrue(
                        attempt < ATTEMPTS,
                        "the moment passed each time; the last process ended with "
                                + killed.process().exitCode() + "\n"
                                + killed.process().err());
            }
        }
    }

    private static Killed killed(Tables tables, RunningProcess process) throws InterruptedException {
        RunningProcess.Ended ended = process.kill();
        int stored = tables.storeVersion() < 0 ? 0 : tables.storedHashes().size();
        return new Killed(tables, ended, stored);
    }

    private static void makesGood(Layout layout, Killed killed) throws Exception {
        Undisturbed whole = undisturbed(layout);
        int reported = embeddedAsReported(killed.process().err());
        assertTrue(
                reported <= killed.stored() + WAVE_ROWS,
                "the killed run embedded " + reported + " texts and had saved " + killed.stored());

        JsonNode report = LocalRun.embed(killed.tables().jobFile());

        JsonNode column = report.get("columns").get(0);
        assertEquals(killed.stored(), column.get("already_embedded").asInt());
        assertEquals(whole.texts() - killed.stored(), column.get("embedded").asInt());
        assertEquals(whole.texts(), killed.tables().storedHashes().size());
        PublishedTable table = PublishedTable.read(killed.tables().target(), "synset", VECTOR);
        assertFalse(table.vectors().containsValue(List.of()), "a row has no vector");
        whole.table().requireSame(table);
    }

    /** How many texts the last line of progress speaks of; it may come a second late. */
    private static int embeddedAsReported(String err) {
        Matcher matcher = PROGRESS.matcher(err);
        int last = 0;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1).replace(",", ""));
        }
        return last;
    }

    private static RunningProcess embed(Tables tables) throws IOException {
        Map<String, String> environment = new HashMap<>(RunningProcess.QUICK_START);
        environment.put("EMBEDLAKE_TERMINAL", "true");
        return RunningProcess.launch(
                folder, environment, "embed", tables.jobFile().toString());
    }

    private static Tables copy(Path template, String name, Layout layout, String platform, int waveRows)
            throws IOException {
        Path copy = folder.resolve(name);
        Project.copy(template, copy);
        return tables(copy, layout, platform, waveRows);
    }

    private static Tables tables(Path folder, Layout layout, String platform, int waveRows) throws IOException {
        Tables tables = new Tables(folder);
        String source = layout == Layout.IN_PLACE
                ? "  table: delta.`" + tables.target() + "`\n"
                : "  path: " + folder.resolve("definitions.jsonl") + "\n  format: json\n";
        Files.writeString(
                tables.jobFile(),
                "job: killed\nsource:\n" + source + "  id: synset\n"
                        + "target:\n  table: delta.`" + tables.target() + "`\n  store: delta.`" + tables.store() + "`\n"
                        + "embeddings:\n  - column: " + VECTOR + "\n    attribute: definition\n    platform: "
                        + platform
                        + "\n" + (platform.equals("hashing") ? "    dimensions: 128\n" : "    precision: fp32\n")
                        + "    reduce: {method: pca, dimensions: 64}\n"
                        + "waves: {rows: " + waveRows + "}\n"
                        + "spark: {spark.master: \"local[2]\", spark.ui.enabled: false}\n");
        return tables;
    }

    private static Map<String, List<Integer>> fullVectors(Tables tables) {
        Map<String, List<Integer>> vectors = new HashMap<>();
        LocalRun.spark()
                .read()
                .format("delta")
                .load(tables.store().toString())
                .select("content_hash", "vector")
                .collectAsList()
                .forEach(row -> vectors.put(row.getString(0), PublishedTable.bits(row, 1)));
        return vectors;
    }

    /** The newest version of a Delta table as its log has it, -1 when there is none. */
    private static long version(Path table) {
        Path log = table.resolve("_delta_log");
        long version = -1;
        while (Files.exists(log.resolve(String.format("%020d.json", version + 1)))) {
            version++;
        }
        return version;
    }
}
