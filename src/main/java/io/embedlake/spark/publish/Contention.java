package io.embedlake.spark.publish;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.embedlake.config.TableRef;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.function.Supplier;

/** Commits to a table that others write too. Stateless. */
final class Contention {
    private static final int ATTEMPTS = 4;

    private Contention() {}

    /**
     * Does what ends with a commit; again when another writer was faster.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when others were faster each time
     */
    static <T> T retried(TableRef table, Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.get();
            } catch (DeltaConcurrentModificationException e) {
                if (attempt == ATTEMPTS) {
                    throw new EmbedlakeException(
                            ErrorKind.STORAGE,
                            "Cannot publish to the table " + table + ": in " + ATTEMPTS
                                    + " attempts others changed the same rows or columns first (" + Failures.brief(e)
                                    + "). What was embedded is kept: start the job again when fewer of them write.",
                            e);
                }
            }
        }
    }
}
