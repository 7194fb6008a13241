package io.embedlake.reduce;

import java.io.Serializable;
import java.nio.ByteBuffer;

/** A layer of a network: {@code y = activation(W x + b)}. Immutable and thread-safe. */
public final class DenseLayer implements Serializable {
    private static final long serialVersionUID = 1L;

    /** {@code [inputs][outputs]}: the matrix transposed, so that the inner loop runs over outputs. */
    private final float[][] columns;

    private final float[] bias;
    private final Activation activation;

    /**
     * Copies its arguments.
     *
     * @param columns {@code [inputs][outputs]}, finite: what each input adds to each output
     * @param bias {@code [outputs]}, finite
     */
    public DenseLayer(float[][] columns, float[] bias, Activation activation) {
        if (columns.length == 0 || bias.length == 0) {
            throw new IllegalArgumentException(
                    "a layer has at least one input and one output: " + columns.length + " and " + bias.length);
        }
        this.columns = new float[columns.length][];
        for (int input = 0; input < columns.length; input++) {
            if (columns[input].length != bias.length) {
                throw new IllegalArgumentException("a layer with " + columns[input].length + " weights at input "
                        + input + " and " + bias.length + " biases");
            }
            this.columns[input] = finite(columns[input].clone());
        }
        this.bias = finite(bias.clone());
        this.activation = activation;
    }

    private static float[] finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a layer with a weight that is not finite");
            }
        }
        return values;
    }

    /** The length of the vectors that go in. */
    public int inputs() {
        return columns.length;
    }

    /** The length of the vectors that come out. */
    public int outputs() {
        return bias.length;
    }

    /** What is done to each sum. */
    public Activation activation() {
        return activation;
    }

    /** {@code [inputs][outputs]}, a copy. */
    public float[][] columns() {
        float[][] copy = new float[inputs()][];
        for (int input = 0; input < copy.length; input++) {
            copy[input] = columns[input].clone();
        }
        return copy;
    }

    /** {@code [outputs]}, a copy. */
    public float[] bias() {
        return bias.clone();
    }

    /** The layer's values for {@code [inputs]}; the caller has checked the length. */
    float[] apply(float[] vector) {
        float[] result = bias.clone();
        Columns.addProduct(columns, vector, result);
        activation.apply(result);
        return result;
    }

    /** How many bytes {@link #write} takes. */
    int bytes() {
        return 3 * Integer.BYTES + (inputs() + 1) * outputs() * Float.BYTES;
    }

    /** Inputs, outputs, the activation's number, the columns one after the other, the bias. */
    void write(ByteBuffer to) {
        to.putInt(inputs()).putInt(outputs()).putInt(activation.ordinal());
        for (float[] column : columns) {
            SealedBytes.putFloats(column, to);
        }
        SealedBytes.putFloats(bias, to);
    }

    static DenseLayer read(ByteBuffer from) {
        int inputs = SealedBytes.count(from, Integer.BYTES);
        int outputs = SealedBytes.count(from, Integer.BYTES);
        int activation = from.getInt();
        if (activation < 0 || activation >= Activation.values().length) {
            throw new IllegalArgumentException("a layer with the unknown activation " + activation);
        }
        if ((inputs + 1L) * outputs * Float.BYTES > from.remaining()) {
            throw new IllegalArgumentException(
                    "a layer of " + inputs + " by " + outputs + " weights in " + from.remaining() + " bytes");
        }
        float[][] columns = new float[inputs][];
        for (int input = 0; input < inputs; input++) {
            columns[input] = SealedBytes.floats(outputs, from);
        }
        return new DenseLayer(columns, SealedBytes.floats(outputs, from), Activation.values()[activation]);
    }
}
