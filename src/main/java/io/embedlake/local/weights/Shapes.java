package io.embedlake.local.weights;

import java.util.OptionalLong;

/** Arithmetic on shapes that came from a file and may be anything. Stateless. */
final class Shapes {
    private Shapes() {}

    /** The number of elements; nothing when a length is negative or the product is too large for any file. */
    static OptionalLong elements(long[] shape) {
        long elements = 1;
        for (long length : shape) {
            if (length < 0) {
                return OptionalLong.empty();
            }
            try {
                elements = Math.multiplyExact(elements, length);
            } catch (ArithmeticException e) {
                return OptionalLong.empty();
            }
        }
        return elements > Long.MAX_VALUE / Double.BYTES ? OptionalLong.empty() : OptionalLong.of(elements);
    }

    /** The strides of a tensor without gaps, in elements. */
    static long[] contiguousStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }
}
