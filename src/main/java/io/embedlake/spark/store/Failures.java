package io.embedlake.spark.store;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Turns what Spark, Delta and the file system throw into sentences for the user, once. Stateless. */
public final class Failures {
    private Failures() {}

    /**
     * Runs an action on a table.
     *
     * @param what what the action does, to follow "Cannot"
     * @param change what the user can change
     * @throws EmbedlakeException as it came when there is one among the causes, else {@link ErrorKind#STORAGE} when a table
     *     or file is to blame; anything else passes through
     */
    public static <T> T on(String what, String change, Supplier<T> action) {
        try {
            return action.get();
        } catch (Exception e) {
            throw translate(what, change, e);
        }
    }

    /** As {@link #on(String, String, Supplier)}, for an action without a result. */
    public static void on(String what, String change, Runnable action) {
        on(what, change, () -> {
            action.run();
            return null;
        });
    }

    private static RuntimeException translate(String what, String change, Exception failure) {
        Optional<EmbedlakeException> known = cause(failure, EmbedlakeException.class);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<Throwable> dataError = dataError(failure);
        if (dataError.isPresent()) {
            return new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot " + what + " (" + brief(dataError.get()) + "). " + change,
                    failure);
        }
        Optional<FileNotFoundException> gone = cause(failure, FileNotFoundException.class);
        if (gone.isPresent()) {
            return new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot " + what + ": a file that was there when the run began is gone (" + brief(gone.get())
                            + "). Start the job again, and let VACUUM keep files longer than a run takes.",
                    failure);
        }
        Optional<? extends Exception> storage = cause(failure, AnalysisException.class)
                .<Exception>map(e -> e)
                .or(() -> cause(failure, IOException.class));
        if (storage.isPresent()) {
            return new EmbedlakeException(
                    ErrorKind.STORAGE, "Cannot " + what + " (" + brief(storage.get()) + "). " + change, failure);
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /** A value that an expression cannot take, such as a text that is cast to a number: SQLSTATE class 22. */
    private static Optional<Throwable> dataError(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SparkThrowable spark
                    && spark.getSqlState() != null
                    && spark.getSqlState().startsWith("22")) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    /** The first line of what an exception says, without Spark's error class and state. */
    public static String brief(Throwable failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return message.replaceFirst("^\\[[A-Z_.0-9]+] ", "")
                .replaceFirst(" SQLSTATE: .*$", "")
                .strip();
    }

    /** The first cause of this type, the failure itself included. */
    public static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
        }
        return Optional.empty();
    }
}
