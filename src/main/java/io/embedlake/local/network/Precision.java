package io.embedlake.local.network;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The numbers that a network computes with. */
public enum Precision {
    /** 32-bit floats throughout: the reference. */
    FP32(6),
    /** bfloat16: the range of a float with 8 bits of precision; fast where the processor has instructions for it. */
    BF16(15),
    /** IEEE half precision; for GPUs. */
    FP16(5);

    private final int scalarType;

    Precision(int scalarType) {
        this.scalarType = scalarType;
    }

    /** The precision that is written like this, if there is one. */
    public static Optional<Precision> named(String name) {
        return Arrays.stream(values())
                .filter(precision -> precision.toString().equals(name))
                .findFirst();
    }

    /** libtorch's number of the type of the activations ({@code c10::ScalarType}). */
    int scalarType() {
        return scalarType;
    }

    /** As a job file writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
