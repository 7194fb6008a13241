package io.embedlake.spark.sql;

import io.embedlake.spi.Vectors;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What embedlake's SQL functions compute; public because generated code calls it. Stateless. */
public final class VectorFunctions {
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, true);
    private static final DataType BYTES = DataTypes.createArrayType(DataTypes.ByteType, true);

    /** A function of SQL: overloads are resolved by the types of the arguments. */
    record Signature(String name, String method, DataType result, List<AbstractDataType> arguments) {}

    static final List<Signature> ALL = List.of(
            new Signature("embedlake_cosine", "cosine", DataTypes.DoubleType, List.of(FLOATS, FLOATS)),
            new Signature("embedlake_cosine", "cosineOfCodes", DataTypes.DoubleType, List.of(BYTES, BYTES, FLOATS)),
            new Signature(
                    "embedlake_hamming",
                    "hamming",
                    DataTypes.IntegerType,
                    List.of(DataTypes.BinaryType, DataTypes.BinaryType)));

    private VectorFunctions() {}

    /** The cosine of the angle between two vectors; 0 where one is zero. */
    public static double cosine(ArrayData a, ArrayData b) {
        return cosine(a.toFloatArray(), b.toFloatArray());
    }

    /** The same of scaled bytes, with the scale of each dimension. */
    public static double cosineOfCodes(ArrayData a, ArrayData b, ArrayData scales) {
        float[] scale = scales.toFloatArray();
        return cosine(scaled(a.toByteArray(), scale), scaled(b.toByteArray(), scale));
    }

    /** The Hamming distance of two bit vectors. */
    public static int hamming(byte[] a, byte[] b) {
        requireSame(a.length, b.length, "bytes");
        int bits = 0;
        for (int i = 0; i < a.length; i++) {
            bits += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
        }
        return bits;
    }

    private static double cosine(float[] a, float[] b) {
        requireSame(a.length, b.length, "values");
        return Vectors.cosine(a, b, 0);
    }

    private static float[] scaled(byte[] codes, float[] scales) {
        requireSame(codes.length, scales.length, "codes and scales");
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i];
        }
        return values;
    }

    private static void requireSame(int a, int b, String what) {
        if (a != b) {
            throw new IllegalArgumentException(
                    "vectors of different lengths are not compared: " + a + " and " + b + " " + what);
        }
    }
}
