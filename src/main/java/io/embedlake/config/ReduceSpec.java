package io.embedlake.config;

import io.embedlake.annotation.Stable;
import java.util.Locale;
import java.util.Objects;

/**
 * How the vectors of a column are shortened before they are published. Immutable.
 *
 * @param method what makes them shorter; with {@link Method#NONE} dimensions mean nothing
 * @param dimensions the length of a short vector, or the most of it where bits are spread over dimensions
 * @param center whether the mean of the sample is subtracted
 * @param codes how the values of a short vector are quantized
 * @param bytes the length of a packed vector
 * @param sampleRows how many vectors the reduction is fitted and tried on
 * @param fewRows what happens when there are too few vectors to fit on
 * @param minRecall the recall at 10 below which nothing is published
 * @param full whether the full vectors are published too
 */
@Stable
public record ReduceSpec(
        Method method,
        int dimensions,
        boolean center,
        Codes codes,
        int bytes,
        int sampleRows,
        FewRows fewRows,
        double minRecall,
        Full full) {

    /** A way to shorten vectors. Immutable; prints as the job file writes it. */
    public enum Method {
        /** Onto the principal components of a sample. */
        PCA,
        /** The same, fitted by Spark MLlib. */
        MLLIB_PCA,
        /** To their first values, brought to length 1: for models that were trained for it. */
        TRUNCATE,
        /** By a small network that was trained to find the vectors again. */
        AUTOENCODER,
        /** Not at all. */
        NONE;

        /** Whether it projects onto components. */
        public boolean isProjection() {
            return this == PCA || this == MLLIB_PCA;
        }

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** What a short vector is published as. Immutable; prints as the job file writes it. */
    public enum Codes {
        /** Its float values. */
        NONE("ARRAY<FLOAT>"),
        /** A signed byte for each value. */
        INT8("ARRAY<TINYINT>"),
        /** A bit for each value. */
        BINARY("BINARY"),
        /** A fixed number of bytes, whose bits are allocated to the values by variance. */
        PACKED("BINARY");

        private final String type;

        Codes(String type) {
            this.type = type;
        }

        /** The type of a vector in SQL. */
        public String type() {
            return type;
        }

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** What happens when there are fewer vectors than a fit needs. Immutable; prints as the job file writes it. */
    public enum FewRows {
        /** The job stops before any work. */
        REFUSE,
        /** What cannot be fitted becomes zeros. */
        PAD;

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** Whether full vectors are published beside the short ones. Immutable. */
    public enum Full {
        /** They are in the store alone. */
        STORED,
        /** In a second column. */
        PUBLISHED
    }

    public ReduceSpec {
        Objects.requireNonNull(method);
        Objects.requireNonNull(codes);
        Objects.requireNonNull(fewRows);
        Objects.requireNonNull(full);
        if (dimensions < 1 || bytes < 1 || sampleRows < 1) {
            throw new IllegalArgumentException(
                    "dimensions, bytes and sample rows are positive: " + dimensions + ", " + bytes + ", " + sampleRows);
        }
    }

    /** A reduction to float values without further demands. */
    public static ReduceSpec of(Method method, int dimensions, int sampleRows) {
        return new ReduceSpec(method, dimensions, false, Codes.NONE, 64, sampleRows, FewRows.REFUSE, 0, Full.STORED);
    }

    /** Whether full vectors are published unchanged. */
    public boolean isNothing() {
        return method == Method.NONE && codes == Codes.NONE;
    }

    /** A label that distinguishes reductions of the same vectors, such as {@code pca-64} or {@code pca-256-int8}. */
    public String label() {
        StringBuilder label = new StringBuilder(method.toString());
        if (method != Method.NONE && !isSpread()) {
            label.append('-').append(dimensions);
        }
        if (center) {
            label.append("-centered");
        }
        if (codes != Codes.NONE) {
            label.append('-').append(codes);
        }
        if (codes == Codes.PACKED) {
            label.append('-').append(bytes);
        }
        return label.toString();
    }

    /** The same sample and demands for another reduction. */
    public ReduceSpec with(Method method, int dimensions, Codes codes, int bytes) {
        return new ReduceSpec(
                method,
                dimensions,
                center && method.isProjection(),
                codes,
                bytes,
                sampleRows,
                fewRows,
                minRecall,
                full);
    }

    /** The keys that define the reduction, in the notation of the job file. */
    public String yaml() {
        StringBuilder keys = new StringBuilder("{method: ").append(method);
        if (method != Method.NONE && !isSpread()) {
            keys.append(", dimensions: ").append(dimensions);
        }
        if (center) {
            keys.append(", center: true");
        }
        if (codes != Codes.NONE) {
            keys.append(", quantize: ").append(codes);
        }
        if (codes == Codes.PACKED) {
            keys.append(", bytes: ").append(bytes);
        }
        return keys.append('}').toString();
    }

    /** Whether the bytes decide how many components are of use. */
    public boolean isSpread() {
        return method.isProjection() && codes == Codes.PACKED;
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
