package io.embedlake.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import io.embedlake.testing.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterChecksTest {
    private static final long NOON = 1_000_000_000;

    @TempDir
    Path folder;

    private static ExecutorAnswer answer(String executor, String... checksAndDetails) {
        List<ExecutorAnswer.Line> lines = Stream.iterate(0, i -> i < checksAndDetails.length, i -> i + 2)
                .map(i -> ExecutorAnswer.Line.of(checksAndDetails[i], Finding.ok(checksAndDetails[i + 1])))
                .toList();
        return new ExecutorAnswer(executor, "host-" + executor, NOON, NOON, lines);
    }

    @Test
    void executorsThatAreAlikeAreSaidToBe() {
        Finding finding = ClusterChecks.compared(
                List.of(
                        answer("1", "java", "17.0.1 in /usr/java", "libtorch", "2.7.1"),
                        answer("2", "java", "17.0.1 in /opt/java", "libtorch", "2.7.1")),
                2);
        assertEquals(Finding.Status.OK, finding.status());
        assertEquals("2 executors, all alike", finding.detail());
    }

    @Test
    void differencesNameTheExecutorsThoseOfTheMajorityFirst() {
        Finding finding = ClusterChecks.compared(
                List.of(
                        answer("1", "java", "17.0.1", "processor", "amd64 amx_bf16", "libtorch", "2.7.1"),
                        answer("2", "java", "21.0.2", "processor", "amd64 avx2", "libtorch", "2.7.1"),
                        answer("3", "java", "17.0.1", "processor", "amd64 avx2", "libtorch", "2.7.1")),
                3);
        assertEquals(Finding.Status.WARNING, finding.status());
        assertTrue(
                finding.detail()
                        .startsWith(
                                "java is 17.0.1 on executors 1, 3, and 21.0.2 on executor 2 | processor is amd64 avx2 on"
                                        + " executors 2, 3, and amd64 amx_bf16 on executor 1. "),
                finding.detail());
        assertFalse(finding.detail().contains("libtorch"), finding.detail());
    }

    @Test
    void executorsThatDidNotAnswerAreCounted() {
        Finding finding = ClusterChecks.compared(List.of(answer("1", "java", "17")), 3);
        assertEquals(Finding.Status.WARNING, finding.status());
        assertTrue(finding.detail().startsWith("only 1 executor of 3 answered"), finding.detail());
    }

    @Test
    void aClockIsSuspectedOnlyWhereItIsCertainToDiffer() {
        ExecutorAnswer answer = answer("1");
        assertEquals(answer, ClusterChecks.clocked(answer, NOON - 60_000, NOON + 60_000), "within the time it took");
        ExecutorAnswer behind = ClusterChecks.clocked(answer, NOON + 9_000, NOON + 10_000);
        assertEquals(
                "is at least 9 s behind the driver's (providers refuse signatures of another time). Let NTP set the clocks.",
                behind.detail("clock"));
        ExecutorAnswer ahead = ClusterChecks.clocked(answer, NOON - 20_000, NOON - 12_000);
        assertTrue(ahead.detail("clock").startsWith("is at least 12 s ahead of the driver's"));
    }

    @Test
    void aRowSaysWhatIsWrongFirstAndKeepsTheKindOfTheWorst() {
        ExecutorAnswer answer = answer("1", "java", "17.0.1 in /usr/java", "processor", "amd64 avx2")
                .with(ExecutorAnswer.Line.of("disk space", Finding.warning("little")))
                .with(ExecutorAnswer.Line.of("libtorch", Finding.failed(ErrorKind.CONFIGURATION, "cannot be loaded")));
        Finding finding = ClusterChecks.summary(answer);
        assertEquals(Finding.Status.FAILED, finding.status());
        assertEquals(Optional.of(ErrorKind.CONFIGURATION), finding.kind());
        assertEquals(
                "libtorch: cannot be loaded | disk space: little | on host-1, java 17.0.1, amd64 avx2",
                finding.detail());
    }

    @Test
    void answersTravel() {
        ExecutorAnswer answer = answer("1", "java", "17")
                .with(ExecutorAnswer.Line.of("libtorch", Finding.failed(ErrorKind.STORAGE, "gone")));
        assertEquals(answer, Serial.roundTrip(answer));
    }

    @Test
    void aLocalSessionHasOneRowAndItsStoreIsWrittenTo() throws Exception {
        Lake lake = new Lake(folder);
        lake.items("one", "two");
        lake.run(Lake.PLAIN);
        Map<String, Finding> found = new LinkedHashMap<>();
        new ClusterChecks(Lake.spark(), Optional.of(lake.job(Lake.PLAIN)), Clock.systemUTC()).run(found::put);
        assertEquals(List.of("executor driver", "executors"), List.copyOf(found.keySet()));
        String row = found.get("executor driver").detail();
        assertTrue(row.contains("libtorch ") && row.contains("on localhost"), row);
        assertFalse(row.contains("cannot be written"), row);
        assertEquals("1 executor", found.get("executors").detail());
        try (Stream<Path> files = Files.list(folder.resolve("items_embeddings"))) {
            assertTrue(files.noneMatch(file -> file.toString().contains("doctor")));
        }
    }
}
