package io.embedlake.spark.sql;

import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.quantize.Quantizer;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** What generated code calls for each row; public for that alone. Its classes are immutable and run on executors. */
public final class VectorKernels {
    private VectorKernels() {}

    /** Makes a vector shorter. */
    public record Reduce(Reducer reducer) implements Serializable {
        /** The short vector. */
        public ArrayData apply(ArrayData vector) {
            return UnsafeArrayData.fromPrimitiveArray(reducer.reduce(vector.toFloatArray()));
        }
    }

    /** Measures what a reducer loses of a vector. */
    public record SquaredError(Reducer reducer) implements Serializable {
        /** The squared distance to the reconstruction from the short vector. */
        public double apply(ArrayData vector) {
            return reducer.squaredError(vector.toFloatArray());
        }
    }

    /** Quantizes a vector. */
    public record Encode(Quantizer quantizer) implements Serializable {
        /** Quantized, as numbers. */
        public ArrayData toArray(ArrayData vector) {
            return UnsafeArrayData.fromPrimitiveArray(toBinary(vector));
        }

        /** Quantized, as bytes. */
        public byte[] toBinary(ArrayData vector) {
            return quantizer.encode(vector.toFloatArray());
        }
    }

    /** Compares vectors with a query. */
    public static final class Similarity implements Serializable {
        private static final long serialVersionUID = 1L;

        private final float[] query;
        private final double length;
        private final Quantizer quantizer;

        /** @param quantizer the quantizer of the input, or null where it is not quantized */
        Similarity(float[] query, Quantizer quantizer) {
            this.query = query;
            this.length = Math.sqrt(dot(query, query));
            this.quantizer = quantizer;
        }

        /** The similarity of a vector. */
        public double ofFloats(ArrayData vector) {
            return of(vector.toFloatArray());
        }

        /** The similarity of vectors quantized to numbers. */
        public double ofArray(ArrayData codes) {
            return of(quantizer.decode(codes.toByteArray()));
        }

        /** The similarity of vectors quantized to bytes. */
        public double ofBinary(byte[] codes) {
            return of(quantizer.decode(codes));
        }

        private double of(float[] vector) {
            double norm = Math.sqrt(dot(vector, vector)) * length;
            return norm == 0 ? 0 : dot(query, vector) / norm;
        }

        private static double dot(float[] a, float[] b) {
            if (a.length != b.length) {
                throw new IllegalArgumentException(
                        "the column holds a vector of " + b.length + " values where the query has " + a.length);
            }
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (double) a[i] * b[i];
            }
            return sum;
        }
    }
}
