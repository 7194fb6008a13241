package io.embedlake.spark.sql;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.quantize.FloatBytes;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** What generated code calls for each row; public for that alone. Its classes are immutable and run on executors. */
public final class VectorKernels {
    private VectorKernels() {}

    /** Takes the values of vectors from their bytes. */
    public record OfBytes() implements Serializable {
        public ArrayData apply(byte[] bytes) {
            return UnsafeArrayData.fromPrimitiveArray(new FloatBytes(bytes.length / Float.BYTES).decode(bytes));
        }
    }

    /**
     * Takes the values of vectors of any type as floats, and refuses vectors that nothing can be computed from.
     *
     * @param column the column's name, for messages
     * @param length the length of its vectors; 0 where it is not known
     */
    public record Floats(String column, int length) implements Serializable {
        private static final byte SPARSE = 0;

        /** Of an {@code array<float>}. */
        public ArrayData ofFloats(ArrayData vector) {
            return checked(withoutNulls(vector).toFloatArray());
        }

        /** Of an {@code array<double>}. */
        public ArrayData ofDoubles(ArrayData vector) {
            return checked(floats(withoutNulls(vector).toDoubleArray()));
        }

        /** Of a vector of Spark ML, as it is stored: {@code type, size, indices, values}. */
        public ArrayData ofVector(InternalRow vector) {
            double[] values = vector.getArray(3).toDoubleArray();
            if (vector.getByte(0) != SPARSE) {
                return checked(floats(values));
            }
            requireLength(vector.getInt(1));
            float[] floats = new float[vector.getInt(1)];
            int[] indices = vector.getArray(2).toIntArray();
            for (int i = 0; i < indices.length; i++) {
                floats[indices[i]] = (float) values[i];
            }
            return checked(floats);
        }

        private static float[] floats(double[] values) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }

        private ArrayData withoutNulls(ArrayData vector) {
            for (int i = 0; i < vector.numElements(); i++) {
                if (vector.isNullAt(i)) {
                    throw refused("a vector with a null in it", "the values of a vector are numbers");
                }
            }
            return vector;
        }

        private ArrayData checked(float[] values) {
            requireLength(values.length);
            // Magnitudes in the order of their bits, infinity and NaN last: a maximum takes the processor a fraction of
            // as many branches.
            int largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
            }
            if (!Float.isFinite(Float.intBitsToFloat(largest))) {
                throw refused(
                        "a vector with the value " + Float.intBitsToFloat(largest), "values are finite as floats");
            }
            return UnsafeArrayData.fromPrimitiveArray(values);
        }

        private void requireLength(int found) {
            if (length > 0 && found != length) {
                throw refused("a vector of " + found + " values", "the reduction was fitted on vectors of " + length);
            }
            if (found == 0) {
                throw refused("a vector of 0 values", "a vector has at least one");
            }
        }

        private EmbedlakeException refused(String what, String rule) {
            return new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot reduce the column " + column + ": it has " + what + " (" + rule
                            + "). Correct such rows, or filter them out.");
        }
    }

    /** Makes vectors of Spark ML. */
    public record Dense() implements Serializable {
        private static final byte TYPE = 1;

        /** As they are stored. */
        public InternalRow apply(ArrayData vector) {
            float[] floats = vector.toFloatArray();
            double[] values = new double[floats.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats[i];
            }
            return new GenericInternalRow(new Object[] {TYPE, null, null, UnsafeArrayData.fromPrimitiveArray(values)});
        }
    }

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

    /** Takes numbers as bytes. */
    public record Bytes() implements Serializable {
        /** The same values. */
        public byte[] of(ArrayData codes) {
            return codes.toByteArray();
        }
    }

    /** Puts vectors into cells. */
    public record CellOf(Cells cells, Quantizer quantizer) implements Serializable {
        /** The nearest cell and the cosine to its centroid; {@link Cells#NONE} and 0 of a vector without direction. */
        public InternalRow apply(byte[] codes) {
            int[] cell = {Cells.NONE};
            float[] cosine = new float[1];
            Directions.of(quantizer.decode(codes)).ifPresent(unit -> cells.nearest(unit, 0, 1, cell, cosine));
            return new GenericInternalRow(new Object[] {cell[0], cosine[0]});
        }
    }

    /** Compares vectors with a query. */
    public static final class Similarity implements Serializable {
        private static final long serialVersionUID = 1L;

        private final float[] query;
        private final double length;
        private final Quantizer quantizer;

        /** @param quantizer the quantizer of the input, or null where it is not quantized */
        public Similarity(float[] query, Quantizer quantizer) {
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
            double cosine = dot(query, vector) / norm;
            return Double.isNaN(cosine) ? 0 : cosine;
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
