package io.embedlake.reduce;

/** Products of a matrix, given by its columns, with a vector: the inner loop of every mapping here. Stateless. */
public final class Columns {
    private Columns() {}

    /**
     * Adds the product to a result.
     *
     * @param columns {@code [inputs][outputs]}
     * @param vector {@code [inputs]}
     * @param result {@code [outputs]}
     */
    public static void addProduct(float[][] columns, float[] vector, float[] result) {
        int input = 0;
        // Four at a time: the result is read and written a fourth as often.
        for (; input + 3 < vector.length; input += 4) {
            addFour(columns, vector, input, result);
        }
        for (; input < vector.length; input++) {
            float value = vector[input];
            float[] column = columns[input];
            for (int k = 0; k < result.length; k++) {
                result[k] = Math.fma(value, column[k], result[k]);
            }
        }
    }

    private static void addFour(float[][] columns, float[] vector, int input, float[] result) {
        float a = vector[input];
        float b = vector[input + 1];
        float c = vector[input + 2];
        float d = vector[input + 3];
        float[] ofA = columns[input];
        float[] ofB = columns[input + 1];
        float[] ofC = columns[input + 2];
        float[] ofD = columns[input + 3];
        for (int k = 0; k < result.length; k++) {
            result[k] = Math.fma(a, ofA[k], Math.fma(b, ofB[k], Math.fma(c, ofC[k], Math.fma(d, ofD[k], result[k]))));
        }
    }
}
