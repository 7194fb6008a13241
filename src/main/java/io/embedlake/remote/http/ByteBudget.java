package io.embedlake.remote.http;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much memory the calls of a JVM hold, and whether there is room for one more. Thread-safe.
 *
 * <p>What an answer takes is learnt from answers; before the first one, the largest usual vectors written out in full are assumed.
 */
final class ByteBudget {
    private static final int LARGEST_USUAL_DIMENSION = 3072;
    /** Of a value: twice 12 characters while they are read, and the value itself. */
    private static final int BYTES_A_VALUE = 28;
    /** Of a character: in the text, in the body, and on its way. */
    private static final int BYTES_A_CHARACTER = 6;

    private final long most;
    private long held;
    private long bytesAText;
    private boolean isLearnt;

    ByteBudget(long most, OptionalInt dimension) {
        this.most = most;
        this.bytesAText = (long) BYTES_A_VALUE * dimension.orElse(LARGEST_USUAL_DIMENSION);
    }

    /** Reserved bytes, until they are released. Thread-safe. */
    final class Hold {
        private long bytes;

        private Hold(long bytes) {
            this.bytes = bytes;
            held += bytes;
        }

        /** Releases all but this many bytes. */
        void shrinkTo(long most) {
            synchronized (ByteBudget.this) {
                long less = Math.min(bytes, most);
                held -= bytes - less;
                bytes = less;
            }
        }
    }

    /** Room for a call and its answer, if there is any. */
    synchronized Optional<Hold> take(int texts, long characters) {
        long bytes = bytes(texts, characters);
        return held + bytes > most ? Optional.empty() : Optional.of(new Hold(bytes));
    }

    /** The same regardless of the room left: for a caller that holds nothing and would wait forever. */
    synchronized Hold takeAnyway(int texts, long characters) {
        return new Hold(bytes(texts, characters));
    }

    private long bytes(int texts, long characters) {
        return texts * bytesAText + characters * BYTES_A_CHARACTER;
    }

    /** How much is held. */
    synchronized long held() {
        return held;
    }

    /** An answer came: what the next ones will take. */
    synchronized void learn(int texts, long answerBytes, int dimension) {
        long seen = 2 * answerBytes / texts + (long) Float.BYTES * dimension;
        bytesAText = isLearnt ? Math.max(bytesAText, seen) : seen;
        isLearnt = true;
    }
}
