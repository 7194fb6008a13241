package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor as it lies in its file. Immutable and thread-safe, as long as the file and the shape's array do not change.
 *
 * @param name its name in the file
 * @param type the type of its elements
 * @param shape the length of each dimension; empty for a single number
 * @param data the elements in row-major order, little-endian, from 0 to the limit; read-only, memory-mapped where it can be
 */
public record Tensor(String name, ElementType type, long[] shape, ByteBuffer data) {
    public Tensor {
        data = data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of elements. */
    public int elements() {
        return data.limit() / type.bytes();
    }

    /** The elements as floats; a copy. */
    public float[] floats() {
        float[] floats = new float[elements()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = type.read(data, i * type.bytes());
        }
        return floats;
    }

    /** The same tensor with another name. */
    public Tensor named(String other) {
        return new Tensor(other, type, shape, data);
    }

    /**
     * The same numbers as elements of another type; a copy.
     *
     * @param other F32, F16 or BF16
     */
    public Tensor as(ElementType other) {
        ByteBuffer copy = ByteBuffer.allocate(elements() * other.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements(); i++) {
            other.write(copy, i * other.bytes(), type.read(data, i * type.bytes()));
        }
        return new Tensor(name, other, shape, copy);
    }
}
