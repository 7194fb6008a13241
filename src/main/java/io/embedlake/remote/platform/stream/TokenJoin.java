package io.embedlake.remote.platform.stream;

import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Spans;
import io.embedlake.spi.Vectors;
import java.util.Arrays;
import java.util.Optional;

/**
 * Joins the vectors and the positions of a text's tokens, like local models: without special tokens, positions in code points. Immutable.
 *
 * @param dimension the length of a vector
 * @param isUnit whether each is brought to length 1
 */
record TokenJoin(int dimension, boolean isUnit) {
    /**
     * What became of a text.
     *
     * @param text what was sent
     * @param rows {@code [tokens, dimension]}, or why not; of the tokens that were left of a text that is too long
     * @param pairs {@code [tokens, 2]}: where tokens begin and have ended, in bytes of UTF-8, -1 for those around the text; or why not
     */
    Outcome outcome(String text, Outcome rows, Outcome pairs) {
        if (!(pairs instanceof Outcome.Embedded places)) {
            return pairs;
        }
        if (!(rows instanceof Outcome.Embedded vectors)) {
            return rows;
        }
        int tokens = places.vector().length / 2;
        int seen = vectors.vector().length / dimension;
        if (vectors.vector().length % dimension != 0 || seen > tokens) {
            return wrong(
                    vectors.vector().length + " values for " + tokens + " tokens of " + dimension + " values each");
        }
        Utf8Places characters = new Utf8Places(text);
        int end = seen - behind(places.vector());
        int[] starts = new int[tokens];
        int[] ends = new int[tokens];
        float[] own = new float[Math.max(0, end) * dimension];
        int count = 0;
        for (int token = 0; token < end; token++) {
            int start = (int) places.vector()[token * 2];
            int stop = (int) places.vector()[token * 2 + 1];
            if (start < 0) {
                continue;
            }
            if (stop > characters.bytes()) {
                return wrong("a token ends at byte " + stop + " of " + characters.bytes()
                        + ", as if there were a prompt in front of the text");
            }
            starts[count] = characters.containing(start);
            ends[count] = characters.upTo(stop);
            System.arraycopy(vectors.vector(), token * dimension, own, count * dimension, dimension);
            if (isUnit) {
                Vectors.normalize(own, count * dimension, (count + 1) * dimension);
            }
            count++;
        }
        return new Outcome.Embedded(
                Arrays.copyOf(own, count * dimension),
                Optional.of(new Spans(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count))),
                seen,
                0,
                1,
                seen < tokens || vectors.truncated());
    }

    /** How many tokens the model puts behind a text; they are there when the text is cut, too. */
    private static int behind(float[] pairs) {
        int behind = 0;
        while (behind < pairs.length / 2 && pairs[pairs.length - 2 * (behind + 1)] < 0) {
            behind++;
        }
        return behind;
    }

    private static Outcome wrong(String what) {
        return new Outcome.Refused(ErrorKind.PROTOCOL, what);
    }
}
