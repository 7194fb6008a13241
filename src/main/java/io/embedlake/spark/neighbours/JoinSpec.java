package io.embedlake.spark.neighbours;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.OptionalDouble;

/**
 * What is asked of a join. Immutable.
 *
 * @param of the rows that get neighbours
 * @param in the rows that neighbours are among
 * @param k how many neighbours a row gets, 1 to 10,000
 * @param recall the share of the true neighbours that is found, above 0 and at most 1; at 1 all rows are compared with all
 * @param minScore neighbours have at least this cosine similarity
 */
public record JoinSpec(JoinSide of, JoinSide in, int k, double recall, OptionalDouble minScore) {
    private static final int MOST = 10_000;

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a number is out of its range */
    public JoinSpec {
        if (k < 1 || k > MOST) {
            throw OpenSide.refused("k is " + k, "1 to 10,000", "Ask for another number of neighbours");
        }
        if (!(recall > 0 && recall <= 1)) {
            throw OpenSide.refused("recall is " + recall, "above 0 and at most 1", "Correct it");
        }
        if (minScore.isPresent() && !(Math.abs(minScore.getAsDouble()) <= 1)) {
            throw OpenSide.refused("the least score is " + minScore.getAsDouble(), "a cosine: -1 to 1", "Correct it");
        }
        if (of.isOfSameRows(in) && in.ids().isEmpty()) {
            in = new JoinSide(in.table(), in.column(), of.ids(), in.where());
        }
    }

    /** Whether a row would find itself. */
    boolean isSelfJoin() {
        return of.isOfSameRows(in);
    }

    boolean isExact() {
        return recall == 1;
    }

    /** How many rows are kept for each query while it may find itself. */
    int kept() {
        return isSelfJoin() ? k + 1 : k;
    }

    float least() {
        return (float) minScore.orElse(-1);
    }
}
