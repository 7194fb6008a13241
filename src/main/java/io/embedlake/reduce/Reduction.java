package io.embedlake.reduce;

import io.embedlake.reduce.quantize.Quantizer;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * How full vectors become what is published: shorter by a reducer, and then fewer bytes by a quantizer, if there is one. Immutable and
 * thread-safe.
 */
public final class Reduction implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Reducer reducer;
    private final Quantizer quantizer;

    private Reduction(Reducer reducer, Quantizer quantizer) {
        this.reducer = reducer;
        this.quantizer = quantizer;
    }

    /** A reduction to float values. */
    public static Reduction of(Reducer reducer) {
        return new Reduction(Objects.requireNonNull(reducer), null);
    }

    /** A reduction to quantized vectors. */
    public static Reduction of(Reducer reducer, Quantizer quantizer) {
        return new Reduction(Objects.requireNonNull(reducer), Objects.requireNonNull(quantizer));
    }

    /** What makes vectors shorter. */
    public Reducer reducer() {
        return reducer;
    }

    /** The quantizer of the short vectors, if there is one. */
    public Optional<Quantizer> quantizer() {
        return Optional.ofNullable(quantizer);
    }

    /**
     * The quantized vector of a full one.
     *
     * @throws IllegalStateException when vectors are not quantized
     */
    public byte[] codes(float[] vector) {
        if (quantizer == null) {
            throw new IllegalStateException("vectors of this reduction are not quantized");
        }
        return quantizer.encode(reducer.reduce(vector));
    }

    /** The short vector that a published one stands for: of a full vector, with its quantization errors. */
    public float[] published(float[] vector) {
        float[] reduced = reducer.reduce(vector);
        return quantizer == null ? reduced : quantizer.decode(quantizer.encode(reduced));
    }

    /** How many bytes a published vector takes. */
    public int bytes(float[] vector) {
        return quantizer == null ? Float.BYTES * reducer.reduce(vector).length : quantizer.bytes();
    }
}
