package io.embedlake.spark.evaluate;

import io.embedlake.config.ReduceSpec;
import io.embedlake.config.ReduceSpec.Codes;
import io.embedlake.config.ReduceSpec.Method;
import java.util.ArrayList;
import java.util.List;

/** The reductions that are compared with a chosen one. Stateless. */
final class Ladder {
    private static final int RUNGS = 4;
    private static final int SMALLEST_BYTES = 8;

    private Ladder() {}

    /**
     * Reductions of the chosen one's size and of a half, a quarter and an eighth of it.
     *
     * @param bytes the chosen one's size
     * @param dimensions the length of the full vectors
     */
    static List<ReduceSpec> below(ReduceSpec chosen, int bytes, int dimensions) {
        List<ReduceSpec> ladder = new ArrayList<>();
        int size = Math.min(bytes, Float.BYTES * dimensions);
        for (int rung = 0; rung < RUNGS && size >= SMALLEST_BYTES; rung++, size /= 2) {
            add(ladder, chosen, Method.PCA, size / Float.BYTES, Codes.NONE, size, dimensions);
            add(ladder, chosen, Method.PCA, size, Codes.INT8, size, dimensions);
            add(ladder, chosen, Method.PCA, Byte.SIZE * size, Codes.PACKED, size, Integer.MAX_VALUE);
            add(ladder, chosen, Method.PCA, Byte.SIZE * size, Codes.BINARY, size, dimensions);
            add(ladder, chosen, Method.TRUNCATE, size / Float.BYTES, Codes.NONE, size, dimensions);
            add(ladder, chosen, Method.TRUNCATE, size, Codes.INT8, size, dimensions);
        }
        return ladder;
    }

    private static void add(
            List<ReduceSpec> ladder,
            ReduceSpec chosen,
            Method method,
            int dimensions,
            Codes codes,
            int bytes,
            int most) {
        ReduceSpec reduce = chosen.with(method, dimensions, codes, bytes);
        if (dimensions <= most && !reduce.label().equals(chosen.label())) {
            ladder.add(reduce);
        }
    }
}
