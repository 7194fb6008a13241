package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The types of a tensor's elements, under the names that safetensors gives them; all little-endian. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** The type of this name. */
    static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Whether its elements are floating-point numbers. */
    public boolean isReal() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** The size of an element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The element at a byte offset, as the nearest float. */
    float read(ByteBuffer data, int at) {
        return switch (this) {
            case F64 -> (float) data.getDouble(at);
            case F32 -> data.getFloat(at);
            case F16 -> half(data.getShort(at));
            case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
            case I64 -> data.getLong(at);
            case I32 -> data.getInt(at);
            case I16 -> data.getShort(at);
            case I8 -> data.get(at);
            case U8 -> data.get(at) & 0xff;
            case BOOL -> data.get(at) == 0 ? 0 : 1;
        };
    }

    /** Writes a number at a byte offset as one of these elements, to the nearest, ties to even; for the real types of 16 and 32 bits. */
    void write(ByteBuffer data, int at, float value) {
        switch (this) {
            case F32 -> data.putFloat(at, value);
            case F16 -> data.putShort(at, half(value));
            case BF16 -> data.putShort(at, upperHalf(value));
            default -> throw new IllegalArgumentException("elements of type " + this + " are not written");
        }
    }

    private static short upperHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? (short) (bits >>> 16 | 0x40) : (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** IEEE 754 binary16, which Java writes itself from version 20 on. */
    private static short half(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        float size = Math.abs(value);
        if (Float.isNaN(size)) {
            return (short) (sign | 0x7e00);
        }
        if (size >= 65520) {
            return (short) (sign | 0x7c00);
        }
        // A unit in the last place of 11 bits, or of the smallest normal number.
        float unit = Math.max(Math.ulp(size) * (1 << 13), 0x1p-24f);
        float rounded = (float) Math.rint(size / unit) * unit;
        if (rounded < 0x1p-14f) {
            return (short) (sign | (int) (rounded / 0x1p-24f));
        }
        int bits = Float.floatToRawIntBits(rounded);
        return (short) (sign | (bits >>> 23) - 112 << 10 | bits >>> 13 & 0x3ff);
    }

    /** IEEE 754 binary16, which Java reads itself from version 20 on. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float value = fraction * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
