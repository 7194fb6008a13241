package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.transform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

class RunLogTest {
    private static final TableRef TARGET = TableRef.parse("shop.reviews");

    private static final Seq<String> KINDS =
            CollectionConverters.asScala(List.of("rejected_by_kind")).toSeq();

    @TempDir
    private Path folder;

    @Test
    void aRunIsReadAsItWasWrittenAlsoBesideRunsOfAnOlderEmbedlake() {
        Tables tables = new Tables(Lake.spark());
        String ofCatalog = "runs_" + UUID.randomUUID().toString().replace("-", "");
        for (String name : List.of("delta.`" + folder.resolve("store") + "`", ofCatalog)) {
            TableRef store = TableRef.parse(name);
            RunLog log = new RunLog(tables, store);
            log.append(run(Instant.EPOCH, Map.of(ErrorKind.PROTOCOL, 7L)));
            forgetKinds(tables, store.sibling("_runs"));
            assertEquals(Optional.of(run(Instant.EPOCH, Map.of())), log.newestSuccess("test", TARGET), name);

            RunRecord newer =
                    run(Instant.EPOCH.plusSeconds(60), Map.of(ErrorKind.INVALID_INPUT, 1L, ErrorKind.TRANSIENT, 2L));
            log.append(newer);
            assertEquals(Optional.of(newer), log.newestSuccess("test", TARGET), name);
            assertEquals(2, tables.read(store.sibling("_runs")).count());
        }
        Lake.spark()
                .sql("DROP TABLE " + TableRef.parse(ofCatalog).sibling("_runs").sql());
    }

    @Test
    void whatASessionKnowsOfTheNewestSuccessIsWhatTheTableSays() {
        TableRef store = TableRef.parse("delta.`" + folder.resolve("store") + "`");
        RunLog log = new RunLog(new Tables(Lake.spark()), store);
        RunLog elsewhere = new RunLog(new Tables(Lake.spark().newSession()), store);
        log.append(failed(Instant.EPOCH));
        assertEquals(Optional.empty(), log.newestSuccess("test", TARGET));
        RunRecord first = run(Instant.EPOCH.plusSeconds(60), Map.of());
        log.append(first);
        assertEquals(Optional.of(first), log.newestSuccess("test", TARGET));
        for (RunRecord next : List.of(
                run(Instant.EPOCH.plusSeconds(120), Map.of(ErrorKind.PROTOCOL, 7L)),
                run(Instant.EPOCH, Map.of()),
                failed(Instant.EPOCH.plusSeconds(180)),
                run(Instant.EPOCH.plusSeconds(240), Map.of()))) {
            log.append(next);
            assertEquals(
                    new RunLog(new Tables(Lake.spark().newSession()), store).newestSuccess("test", TARGET),
                    log.newestSuccess("test", TARGET));
        }
        RunRecord byAnother = run(Instant.EPOCH.plusSeconds(300), Map.of());
        elsewhere.append(byAnother);
        log.append(failed(Instant.EPOCH.plusSeconds(360)));
        assertEquals(Optional.of(byAnother), log.newestSuccess("test", TARGET));
        assertEquals(Optional.empty(), log.newestSuccess("another", TARGET));
    }

    private static RunRecord failed(Instant begin) {
        RunRecord run = run(begin, Map.of());
        return new RunRecord(
                run.run(),
                run.job(),
                begin,
                run.duration(),
                run.source(),
                run.target(),
                run.tables(),
                0,
                0,
                List.of(),
                Optional.of("it failed"),
                run.versions(),
                run.spec(),
                "");
    }

    /** The second run of a job in a session read the run that the session had just written. */
    @Test
    void theFirstRunOfALogIsKnownWithoutReading() {
        TableRef store = TableRef.parse("delta.`" + folder.resolve("first") + "`");
        RunLog log = new RunLog(new Tables(Lake.spark()), store);
        RunRecord first = run(Instant.EPOCH, Map.of());
        log.append(first);
        assertEquals(
                Optional.of(first),
                Remembered.of(
                        new Tables(Lake.spark()),
                        store.sibling("_runs"),
                        new RunLog.Success("test", TARGET.sql()),
                        () -> fail("it is read")));
    }

    @Test
    void oldRunsAreForgottenButForThoseThatSomethingGoesBackTo() {
        Tables tables = new Tables(Lake.spark());
        TableRef store = TableRef.parse("delta.`" + folder.resolve("store") + "`");
        RunLog log = new RunLog(tables, store);
        for (int day = 0; day < 3; day++) {
            log.append(run(Instant.EPOCH.plus(Duration.ofDays(day)), Map.of()));
        }
        assertEquals(0, log.forget(Instant.EPOCH));
        assertEquals(2, log.forget(Instant.EPOCH.plus(Duration.ofDays(10))));
        assertEquals(
                Optional.of(run(Instant.EPOCH.plus(Duration.ofDays(2)), Map.of())), log.newestSuccess("test", TARGET));
    }

    /** Makes the table what an embedlake left that did not count by kind. */
    private static void forgetKinds(Tables tables, TableRef runs) {
        Dataset<Row> older =
                tables.read(runs).withColumn("columns", transform(col("columns"), column -> column.dropFields(KINDS)));
        var writer = older.write().format("delta").mode("overwrite").option("overwriteSchema", "true");
        if (runs instanceof TableRef.FilePath files) {
            writer.save(files.location());
        } else {
            writer.saveAsTable(runs.sql());
        }
    }

    private static RunRecord run(Instant begin, Map<ErrorKind, Long> rejected) {
        ColumnRecord column = new ColumnRecord(
                "vector",
                "openai m",
                "f00",
                InputKind.IMAGE,
                ReductionRecord.unfitted("none"),
                1,
                2,
                3,
                4,
                5,
                6,
                rejected,
                7,
                8,
                9,
                10,
                11,
                Map.of("texts", 12L),
                Duration.ofSeconds(12),
                new RunCost(OptionalDouble.of(0.5), 13, OptionalDouble.empty()));
        return new RunRecord(
                RunId.of(begin, new UUID(0, 1)),
                "test",
                begin,
                Duration.ofSeconds(20),
                "source",
                TARGET.sql(),
                TableVersions.UNKNOWN,
                30,
                31,
                List.of(column),
                Optional.empty(),
                Map.of("embedlake", "0.1.0"),
                Map.of("job", "test"),
                "all rows, because it was asked to");
    }
}
