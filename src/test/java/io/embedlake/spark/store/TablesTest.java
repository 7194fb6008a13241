package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.ExplainMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
    @TempDir
    Path folder;

    private Lake lake;
    private final List<Duration> pauses = new ArrayList<>();
    private Tables tables;
    private Tables patient;
    private TableRef items;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        tables = new Tables(Lake.spark());
        patient = new Tables(Lake.spark(), pauses::add);
        items = TableRef.parse("delta.`" + lake.path("items") + "`");
    }

    @Test
    void aTableIsKnownToBeEmptyUntilRowsComeAndWhenTheyHaveGone() {
        assertTrue(tables.isKnownEmpty(items), "there is none");
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta");
        assertTrue(tables.isKnownEmpty(items));
        lake.sql("INSERT INTO {items} VALUES (1)");
        assertFalse(tables.isKnownEmpty(items));
        lake.sql("DELETE FROM {items}");
        assertTrue(tables.isKnownEmpty(items));
    }

    @Test
    void versionAndPropertiesAreTheNewest() {
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta TBLPROPERTIES ('colour' = 'red')");
        TableVersion first = tables.newestVersion(items).orElseThrow();
        assertEquals(0, first.number());
        lake.sql("ALTER TABLE {items} SET TBLPROPERTIES ('colour' = 'green')");
        assertEquals(
                new TableVersion(first.table(), 1), tables.newestVersion(items).orElseThrow());
        assertEquals("green", tables.properties(items).get("colour"));
    }

    @Test
    void theRowsOfASmallTableAreThoseOfItsVersionWhateverHappenedToItsFiles() {
        lake.sql("CREATE TABLE {items} (id BIGINT, text STRING, day INT) USING delta PARTITIONED BY (day)"
                + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name',"
                + " 'delta.checkpointInterval' = '100')");
        lake.sql("INSERT INTO {items} SELECT id, concat('text ', id), id % 3 FROM range(0, 30, 1, 4)");
        lake.sql("DELETE FROM {items} WHERE id IN (3, 4)");
        lake.sql("UPDATE {items} SET text = 'another' WHERE id < 9");
        lake.sql("OPTIMIZE {items}");
        lake.sql("ALTER TABLE {items} RENAME COLUMN text TO words");
        lake.sql("ALTER TABLE {items} ADD COLUMN note STRING");
        lake.sql("INSERT INTO {items} VALUES (100, 'new', 1, 'noted')");
        lake.sql("MERGE INTO {items} t USING (SELECT 100L AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE");
        lake.sql("RESTORE TABLE {items} TO VERSION AS OF 2");
        TableVersion newest = tables.newestVersion(items).orElseThrow();
        assertTrue(newest.number() >= 9, newest.toString());
        for (long number = 0; number <= newest.number(); number++) {
            Optional<TableVersion> version = Optional.of(new TableVersion(newest.table(), number));
            Dataset<Row> rows = tables.readAll(items, version);
            // Delta does not count the files that a RESTORE leaves.
            assertEquals(number < newest.number(), isFoundByCommits(rows), "version " + number);
            assertEquals(tables.read(items, version).schema(), rows.schema());
            assertEquals(sorted(tables.read(items, version)), sorted(rows), "version " + number);
        }
    }

    @Test
    void aLongLogIsLeftToSpark() {
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '100')");
        for (int i = 0; i < 20; i++) {
            lake.sql("INSERT INTO {items} VALUES (" + i + ")");
        }
        Optional<TableVersion> newest = tables.newestVersion(items);
        assertEquals(20, newest.orElseThrow().number());
        assertFalse(isFoundByCommits(tables.readAll(items, newest)));
        assertEquals(20, tables.readAll(items, newest).count());
        Optional<TableVersion> earlier =
                Optional.of(new TableVersion(newest.get().table(), 19));
        assertTrue(isFoundByCommits(tables.readAll(items, earlier)));
        assertEquals(19, tables.readAll(items, earlier).count());
    }

    @Test
    void aLogWithACheckpointIsLeftToSpark() {
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '2')");
        lake.sql("INSERT INTO {items} VALUES (1)");
        lake.sql("INSERT INTO {items} VALUES (2)");
        lake.sql("INSERT INTO {items} VALUES (3)");
        Optional<TableVersion> newest = tables.newestVersion(items);
        assertFalse(isFoundByCommits(tables.readAll(items, newest)));
        assertEquals(3, tables.readAll(items, newest).count());
    }

    private static boolean isFoundByCommits(Dataset<Row> rows) {
        return rows.queryExecution()
                .explainString(ExplainMode.fromString("simple"))
                .contains("TahoeBatchFileIndex");
    }

    private static List<String> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    // ---- tables that are not there yet

    @Test
    void whatAKilledMakerLeftDoesNotStopTheNext() throws IOException {
        Path log = begun();
        Files.writeString(log.resolve(".00000000000000000000.json.1234.tmp"), "half a comm");
        Files.writeString(log.resolve("..00000000000000000000.json.1234.tmp.crc"), "crc");
        patient.requireWritable(items);
        patient.make(items, this::create);
        assertTrue(tables.exists(items));
        assertTrue(pauses.size() > 1, "somebody alive had time to end: " + pauses);
    }

    @Test
    void aMakerWhoIsAliveIsWaitedFor() throws IOException {
        begun();
        Tables waiting = new Tables(Lake.spark(), pause -> {
            // Not by CREATE TABLE, which would find the folder taken too.
            lake.write("items", Lake.spark().range(3).selectExpr("id"));
        });
        waiting.make(items, this::create);
        assertEquals(3, lake.number("SELECT count(*) FROM {items}"));
    }

    @Test
    void filesOfTheUserAreInTheWayOfATableAndStay() throws IOException {
        Path own = Files.createDirectories(lake.path("items")).resolve("own.csv");
        Files.writeString(own, "id,text");
        begun();
        for (Executable call :
                List.<Executable>of(() -> patient.requireWritable(items), () -> patient.make(items, this::create))) {
            Lake.refused(ErrorKind.STORAGE, call, "Cannot make the table", "holds own.csv and is no Delta table");
        }
        assertEquals("id,text", Files.readString(own));
        assertEquals(List.of(), pauses);
    }

    @Test
    void aFileIsInTheWayOfATable() throws IOException {
        Files.writeString(lake.path("items"), "text");
        Lake.refused(ErrorKind.STORAGE, () -> tables.requireWritable(items), "items is a file");
    }

    @Test
    void aFolderThatMayBecomeATableIsNeverWrittenToFindOutWhetherItCanBe() throws IOException {
        RefusingFileSystem.forgetAll();
        TableRef recorded = RefusingFileSystem.table(lake.path("items"));
        tables.requireWritable(recorded);
        assertFalse(Files.exists(lake.path("items")), "nothing is made");
        begun();
        tables.requireWritable(recorded);
        Files.createDirectories(folder.resolve("lake/empty"));
        tables.requireWritable(RefusingFileSystem.table(folder.resolve("lake/empty/table")));
        tables.requireWritable(RefusingFileSystem.table(folder.resolve("lake/empty")));
        assertTrue(
                RefusingFileSystem.written().stream()
                        .allMatch(path -> path.startsWith(folder + "/_embedlake_probe_")
                                || path.startsWith(folder + "/lake/_embedlake_probe_")),
                RefusingFileSystem.written().toString());
        assertEquals(0, probes(), "probes are removed");
    }

    private long probes() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().contains("probe")).count();
        }
    }

    @Test
    void aTableThatCannotBeWrittenIsRefused() throws IOException {
        RefusingFileSystem.forgetAll();
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta");
        tables.requireWritable(RefusingFileSystem.table(lake.path("items")));
        for (String readOnly : List.of("items", "items/_delta_log")) {
            RefusingFileSystem.refuse(lake.path(readOnly).toString());
            Lake.refused(
                    ErrorKind.STORAGE,
                    () -> tables.requireWritable(RefusingFileSystem.table(lake.path("items"))),
                    "Cannot write the table",
                    "Permission denied");
        }
        RefusingFileSystem.refuse(folder.toString());
        Lake.refused(
                ErrorKind.STORAGE,
                () -> tables.requireWritable(RefusingFileSystem.table(lake.path("others"))),
                "Cannot write the table",
                "Permission denied");
    }

    @Test
    void aTableOfACatalogIsRefusedWhereItsSchemaIsMissingOrItsFolderIsTaken() throws IOException {
        Lake.refused(
                ErrorKind.STORAGE,
                () -> tables.requireWritable(TableRef.parse("nowhere.fruit")),
                "Cannot make the table nowhere.fruit",
                "nowhere");
        tables.requireWritable(TableRef.parse("spark_catalog.default.fruit_of_nobody"));
        tables.requireWritable(TableRef.parse("fruit_of_nobody"));
        Path taken = Files.createDirectories(Path.of("target", "test-warehouse", "taken_fruit"));
        Files.writeString(taken.resolve("own.csv"), "id,text");
        Lake.refused(ErrorKind.STORAGE, () -> tables.requireWritable(TableRef.parse("default.taken_fruit")), "own.csv");
    }

    @Test
    void aRunThatHasFoundNoTableFindsThatOfAnotherProcessWhenItMakesItsOwn() throws IOException {
        Tables run = Tables.ofRun(Lake.spark());
        assertEquals(Optional.empty(), run.newestVersion(items));
        lake.sql("CREATE TABLE {others} (id BIGINT) USING delta");
        copyTree(lake.path("others"), lake.path("items"));
        assertFalse(run.exists(items), "it is not looked for again");
        assertTrue(run.isKnownEmpty(items));
        run.make(items, this::create);
        assertTrue(run.exists(items));
        assertEquals(
                tables.newestVersion(TableRef.parse("delta.`" + lake.path("others") + "`")), run.newestVersion(items));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private Path begun() throws IOException {
        Files.createDirectories(lake.path("items").resolve("_delta_log/_staged_commits"));
        return lake.path("items").resolve("_delta_log");
    }

    private void create() {
        lake.sql("CREATE TABLE {items} (id BIGINT) USING delta");
    }
}
