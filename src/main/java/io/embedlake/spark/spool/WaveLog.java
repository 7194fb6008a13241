package io.embedlake.spark.spool;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;

/** Whether what tasks pay for is kept before the wave is committed. Immutable; travels to executors. */
public interface WaveLog extends Serializable {
    /** Local computation is not spooled. */
    WaveLog NOTHING = new Nothing();

    /**
     * What this attempt at a partition may use and has to keep; closed by it.
     *
     * @param partition of the wave, the same for each attempt
     */
    Attempt attempt(int partition);

    /** How long an attempt that ends early waits for answers that are paid for already, so that they are kept. */
    Duration patience();

    /** One attempt of a task. Confined to its thread. */
    interface Attempt extends AutoCloseable {
        /**
         * Whether an earlier attempt has paid for the text of this hash.
         *
         * @throws EmbedlakeException {@link ErrorKind#TRANSIENT} when this attempt may pay for nothing any more
         */
        boolean has(String hash);

        /** What earlier attempts have paid for, each text once. */
        Iterator<PaidText> earlier();

        /** Keeps a text, soon. */
        void keep(PaidText text);

        /** Makes sure that all texts are kept by now. */
        void flush();

        @Override
        void close();
    }

    /** Keeps nothing. */
    record Nothing() implements WaveLog, Attempt {
        @Override
        public Attempt attempt(int partition) {
            return this;
        }

        @Override
        public Duration patience() {
            return Duration.ZERO;
        }

        @Override
        public boolean has(String hash) {
            return false;
        }

        @Override
        public Iterator<PaidText> earlier() {
            return Collections.emptyIterator();
        }

        @Override
        public void keep(PaidText text) {
            // It can be computed again.
        }

        @Override
        public void flush() {
            // There is nothing to write.
        }

        @Override
        public void close() {
            // There is nothing open.
        }
    }
}
