package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.exceptions.ConcurrentAppendException;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.apache.spark.errors.SparkCoreErrors;
import org.apache.spark.sql.delta.schema.DeltaInvariantViolationException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final String FULL = "No space left on device";

    /** As a task of Spark hands it to the driver. */
    private static SparkException task(Throwable cause) {
        return new SparkException("Job aborted due to stage failure: Task 0 in stage 1.0 failed\nat java.io...", cause);
    }

    private static EmbedlakeException failed(Throwable failure) {
        return assertThrows(
                EmbedlakeException.class,
                () -> Failures.on("write the table t", "Look at it.", () -> {
                    Failures.<Object>on(
                            "do a part", "Look.", () -> FailuresTest.<RuntimeException, Object>thrown(failure));
                }));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable, T> T thrown(Throwable failure) throws E {
        throw (E) failure;
    }

    private static void assertStorage(String sentence, Throwable failure) {
        EmbedlakeException refused = failed(failure);
        assertEquals(ErrorKind.STORAGE, refused.kind());
        assertEquals(sentence, refused.getMessage());
        assertTrue(Failures.cause(refused, failure.getClass()).isPresent());
    }

    @Test
    void aFullDiskIsOneSentenceWhereverItIsFound() throws ReflectiveOperationException {
        String sentence = "Cannot do a part (" + FULL
                + "). Free some space and start the job again: what is in the store is not embedded again.";
        assertStorage(sentence, new UncheckedIOException(new IOException(FULL)));
        assertStorage(sentence, task(new IOException(FULL)));
        assertStorage(sentence, task(task(new UncheckedIOException(new IOException(FULL)))));
        Constructor<FSError> ofHadoopAlone = FSError.class.getDeclaredConstructor(Throwable.class);
        ofHadoopAlone.setAccessible(true);
        assertStorage(sentence, ofHadoopAlone.newInstance(new IOException(FULL)));
    }

    @Test
    void whatMayNotBeOpenedIsNotCalledGone() {
        for (IOException denied : new IOException[] {
            new FileNotFoundException("/lake/t/part-0 (Permission denied)"),
            new AccessControlException("Permission denied: user=nobody"),
            new AccessDeniedException("/lake/t/part-0")
        }) {
            assertStorage("Cannot do a part (" + denied.getMessage() + "). Look.", task(denied));
        }
        assertTrue(failed(task(new FileNotFoundException("File /lake/t/part-0 does not exist")))
                .getMessage()
                .contains("VACUUM"));
    }

    @Test
    void whatATableRefusesIsSaidWithoutTheValuesOfARow() {
        assertStorage(
                "Cannot do a part (NOT NULL constraint violated for column: stars). Look.",
                task(DeltaInvariantViolationException.getNotNullInvariantViolationException("stars")));
        assertStorage(
                "Cannot do a part (a row breaks its constraint c1: length(text) > 2). Look.",
                task(DeltaInvariantViolationException.getConstraintViolationWithValuesException(
                        "c1", "length(text) > 2", " - text : secret")));
        EmbedlakeException tooLong = failed(task(
                DeltaInvariantViolationException.getCharVarcharLengthInvariantViolationException("length", "secret")));
        assertEquals(ErrorKind.STORAGE, tooLong.kind());
        assertFalse(tooLong.getMessage().contains("secret"), tooLong.getMessage());
    }

    @Test
    void anotherWriterIsTheCallersMatterWhereItRetriesAndElseASentence() {
        ConcurrentAppendException other = new ConcurrentAppendException("Files were added by a concurrent update.");
        assertSame(
                other,
                assertThrows(
                        ConcurrentAppendException.class,
                        () -> Failures.onRetried(
                                "do a part", "Look.", () -> FailuresTest.<RuntimeException, Object>thrown(other))));
        EmbedlakeException refused = failed(other);
        assertEquals("Cannot do a part (other writers changed it at the same time). Look.", refused.getMessage());
        assertTrue(Failures.isContention(refused));
    }

    /** Executors that were lost four times once ended a run as a defect of embedlake, with a stack trace, and the run was not recorded. */
    @Test
    void executorsThatAreLostForGoodAreASentence() {
        String begin = "Cannot do a part: Spark gave up (";
        String end =
                "). Look at the executors' logs, give them more memory where it ended (spark.executor.memoryOverhead), and start"
                        + " the job again: what is in the store is not embedded again.";
        assertStorage(
                begin
                        + "ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Command exited with code 137"
                        + end,
                new SparkException(
                        "Job aborted due to stage failure: Task 0 in stage 5.0 failed 4 times, most recent failure: Lost task 0.3 in"
                                + " stage 5.0 (TID 20) (127.0.0.1 executor 5): ExecutorLostFailure (executor 5 exited caused by one of"
                                + " the running tasks) Reason: Command exited with code 137\nDriver stacktrace:"));
        assertStorage(
                begin
                        + "cannot run anywhere due to node and executor excludeOnFailure. Most recent failure: Lost task 0.1 in stage 5.0"
                        + end,
                new SparkException(
                        "Job aborted due to stage failure: Aborting TaskSet 5.0 because task 0 (partition 0)\ncannot run"
                                + " anywhere due to node and executor excludeOnFailure.\nMost recent failure:\nLost task 0.1 in stage 5.0\nat z"));
        assertStorage(
                begin + "FetchFailedException: Connection refused" + end,
                new SparkException(
                        "Job aborted due to stage failure: ShuffleMapStage 5 (x at y) has failed the maximum allowable number of times:"
                                + " 4. Most recent failure reason:\norg.apache.spark.shuffle.FetchFailedException: Connection refused\nat z"));
    }

    /** A run whose stage was killed in Spark's UI ended as a defect of embedlake. */
    @Test
    void aJobThatSomebodyHasCancelledIsASentence() {
        EmbedlakeException cancelled = failed(new RuntimeException(
                SparkCoreErrors.sparkJobCancelled(10, "as part of cancellation of all jobs", null)));
        assertEquals(ErrorKind.TRANSIENT, cancelled.kind());
        assertEquals(
                "Cannot do a part: Spark's job was cancelled (in its UI, or by another program). Start the job again when it may"
                        + " run: what is in the store is not embedded again.",
                cancelled.getMessage());
    }

    @Test
    void aDefectStaysOne() {
        IllegalStateException defect = new IllegalStateException("no");
        assertSame(
                defect,
                assertThrows(
                        IllegalStateException.class,
                        () -> Failures.on(
                                "do a part", "Look.", () -> FailuresTest.<RuntimeException, Object>thrown(defect))));
    }
}
