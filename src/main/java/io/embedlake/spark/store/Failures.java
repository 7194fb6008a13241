package io.embedlake.spark.store;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Turns what Spark, Delta and the file system throw into sentences for the user, once. Stateless. */
public final class Failures {
    /** Class 22 of SQLSTATE: a value that an expression cannot take, such as a text that is cast to a number. */
    private static final String DATA_ERROR = "22";

    private static final String DELTA = "DELTA_";
    private static final String CONFLICT = "io.delta.exceptions.DeltaConcurrentModificationException";
    private static final String NOT_THERE = "FAILED_READ_FILE.FILE_NOT_EXIST";
    private static final String CHECK = "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES";
    private static final String LENGTH = "DELTA_EXCEED_CHAR_VARCHAR_LIMIT";
    private static final Pattern FULL = Pattern.compile("(?i)no space left|quota exceeded|not enough space|disk full");

    /** What Spark says of a job that it gives up because of machines and processes, not because of what a task did. */
    private static final Pattern LOST = Pattern.compile(
            "ExecutorLostFailure \\(.*|FetchFailed.*|cannot run anywhere.*(\\n.*){0,2}"
                    + "|Master removed our application.*|All masters are unresponsive.*|.*SparkContext was shut down.*");

    private static final String CANCELLED = "SPARK_JOB_CANCELLED";

    private static final String LOOK_AT_EXECUTORS =
            "Look at the executors' logs, give them more memory where it ended (spark.executor.memoryOverhead), and start the job"
                    + " again: what is in the store is not embedded again.";

    private static final String MORE_SPACE =
            "Free some space and start the job again: what is in the store is not embedded again.";

    private Failures() {}

    /**
     * Runs an action on a table.
     *
     * @param what what the action does, to follow "Cannot"
     * @param change what the user can change
     * @throws EmbedlakeException as it came when there is one among the causes, {@link ErrorKind#CONFIGURATION} when a value is to
     *     blame, {@link ErrorKind#STORAGE} when a table or file is; anything else passes through
     */
    public static <T> T on(String what, String change, Supplier<T> action) {
        try {
            return action.get();
        } catch (Exception | FSError e) {
            throw translate(what, change, e);
        }
    }

    /** As {@link #on(String, String, Supplier)} inside an operation that is retried when Delta reports a conflict with another writer. */
    public static <T> T onRetried(String what, String change, Supplier<T> action) {
        try {
            return action.get();
        } catch (Exception | FSError e) {
            throw isConflict(e) ? (RuntimeException) e : translate(what, change, e);
        }
    }

    /** As {@link #on(String, String, Supplier)}, for an action without a result. */
    public static void on(String what, String change, Runnable action) {
        on(what, change, () -> {
            action.run();
            return null;
        });
    }

    private static RuntimeException translate(String what, String change, Throwable failure) {
        Optional<EmbedlakeException> known = cause(failure, EmbedlakeException.class);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<Throwable> gone = first(failure, Failures::isMissing);
        if (gone.isPresent()) {
            return new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot " + what + ": a file that was there when the run began is gone (" + brief(gone.get())
                            + "). Start the job again, and let VACUUM keep files longer than a run takes.",
                    failure);
        }
        Optional<Throwable> blamed = first(failure, Failures::isDataError);
        ErrorKind kind = blamed.isPresent() ? ErrorKind.CONFIGURATION : ErrorKind.STORAGE;
        return blamed.or(() -> first(failure, Failures::isFull))
                .or(() -> first(failure, Failures::isRefusal))
                .or(() -> cause(failure, IOException.class))
                .<RuntimeException>map(e -> new EmbedlakeException(
                        kind, "Cannot " + what + " (" + brief(e) + "). " + (isFull(e) ? MORE_SPACE : change), failure))
                .orElseGet(() -> ofCluster(what, failure));
    }

    /**
     * What to throw for a failure of Spark that no table or file is to blame for.
     *
     * @param what what failed, to follow "Cannot"
     * @return {@link ErrorKind#STORAGE} when executors or the master are lost for good, {@link ErrorKind#TRANSIENT} when somebody has
     *     cancelled the job; else the failure itself
     */
    public static RuntimeException ofCluster(String what, Throwable failure) {
        if (first(failure, cause -> condition(cause).equals(CANCELLED)).isPresent()) {
            return new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot " + what
                            + ": Spark's job was cancelled (in its UI, or by another program). Start the job again when it"
                            + " may run: what is in the store is not embedded again.",
                    failure);
        }
        return first(failure, Failures::isLost)
                .<RuntimeException>map(e -> new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot " + what + ": Spark gave up (" + lost(e).orElseThrow() + "). " + LOOK_AT_EXECUTORS,
                        failure))
                .orElseGet(() ->
                        failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure));
    }

    private static boolean isLost(Throwable failure) {
        return lost(failure).isPresent();
    }

    private static Optional<String> lost(Throwable failure) {
        Matcher said = LOST.matcher(failure instanceof SparkException ? String.valueOf(failure.getMessage()) : "");
        return said.find()
                ? Optional.of(said.group().strip().replaceAll("\\s+", " ").replaceFirst("[.:]?$", ""))
                : Optional.empty();
    }

    /** Whether a file was missing that should be there. */
    public static boolean isGone(Exception failure) {
        return first(failure, Failures::isMissing).isPresent();
    }

    /** Java throws the same for a file without permission. */
    private static boolean isMissing(Throwable failure) {
        return condition(failure).equals(NOT_THERE)
                || failure instanceof FileNotFoundException
                        && !String.valueOf(failure.getMessage())
                                .matches(".*\\((Permission denied|Read-only .*|Is a directory)\\).*");
    }

    private static boolean isDataError(Throwable failure) {
        return failure instanceof SparkThrowable spark
                && spark.getSqlState() != null
                && spark.getSqlState().startsWith(DATA_ERROR)
                && !condition(failure).startsWith(DELTA);
    }

    /** Whether Spark or Delta Lake refuses the operation. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof AnalysisException
                || isConflict(failure)
                || condition(failure).startsWith(DELTA);
    }

    private static String condition(Throwable failure) {
        return failure instanceof SparkThrowable spark && spark.getCondition() != null ? spark.getCondition() : "";
    }

    private static boolean isFull(Throwable failure) {
        return failure instanceof IOException
                && FULL.matcher(String.valueOf(failure.getMessage())).find();
    }

    /** Whether another writer of the same table was faster: what failed may be done again after a new look at the table. */
    public static boolean isContention(Throwable failure) {
        return first(failure, Failures::isConflict).isPresent();
    }

    /** By name: a session of stages and functions alone needs no Delta Lake. */
    private static boolean isConflict(Throwable failure) {
        return Stream.<Class<?>>iterate(failure.getClass(), type -> type != null, Class::getSuperclass)
                .anyMatch(type -> type.getName().equals(CONFLICT));
    }

    /** An exception's message in one line, without Spark's error class and state and without values of users' rows. */
    public static String brief(Throwable failure) {
        if (isConflict(failure)) {
            return "other writers changed it at the same time";
        }
        Map<String, String> parameters =
                failure instanceof SparkThrowable spark ? spark.getMessageParameters() : Map.of();
        return switch (condition(failure)) {
            case CHECK ->
                "a row breaks its constraint " + parameters.get("constraintName") + ": " + parameters.get("expression");
            case LENGTH -> "a value is longer than the type of its column allows";
            default ->
                String.valueOf(failure.getMessage())
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("^\\[[A-Z_.0-9]+] ", "")
                        .replaceFirst(" SQLSTATE: .*$", "")
                        .replaceFirst("[.:]?\\s*$", "");
        };
    }

    /** The first cause of this type, the failure itself included. */
    public static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> type) {
        return first(failure, type::isInstance).map(type::cast);
    }

    private static Optional<Throwable> first(Throwable failure, Predicate<Throwable> blamed) {
        return Stream.iterate(failure, at -> at != null, Throwable::getCause)
                .filter(blamed)
                .findFirst();
    }
}
