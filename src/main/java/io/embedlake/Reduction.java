package io.embedlake;

import io.embedlake.config.ReduceSpec;

/**
 * How the vectors of a column are shortened before they are published; the store keeps full vectors in any case. Immutable.
 *
 * <p>Values are checked when the job is built.
 */
public final class Reduction extends Value<Settings> {
    private Reduction(Settings keys) {
        super(keys);
    }

    private static Reduction of(ReduceSpec.Method method) {
        return new Reduction(Settings.NONE.with("method", method));
    }

    /** The default: 64 principal components. */
    public static Reduction defaults() {
        return new Reduction(Settings.NONE);
    }

    /** Onto this many principal components of a sample. */
    public static Reduction pca(int dimensions) {
        return of(ReduceSpec.Method.PCA).dimensions(dimensions);
    }

    /** Onto as many principal components as packed vectors of this many bytes can use. */
    public static Reduction packedPca(int bytes) {
        return of(ReduceSpec.Method.PCA).packed(bytes);
    }

    /** As {@link #pca}, fitted by Spark MLlib. */
    public static Reduction mllibPca(int dimensions) {
        return of(ReduceSpec.Method.MLLIB_PCA).dimensions(dimensions);
    }

    /** To their first values, brought to length 1: for models that were trained for it. */
    public static Reduction truncate(int dimensions) {
        return of(ReduceSpec.Method.TRUNCATE).dimensions(dimensions);
    }

    /** By a small network that is trained on a sample. */
    public static Reduction autoencoder(int dimensions) {
        return of(ReduceSpec.Method.AUTOENCODER).dimensions(dimensions);
    }

    /** Full vectors are published. */
    public static Reduction none() {
        return of(ReduceSpec.Method.NONE);
    }

    /** One that an evaluation has tried, with the same sample and demands. */
    public static Reduction of(ReduceSpec tried) {
        Reduction reduction = of(tried.method());
        if (tried.method() != ReduceSpec.Method.NONE && !tried.isSpread()) {
            reduction = reduction.dimensions(tried.dimensions());
        }
        if (tried.center()) {
            reduction = reduction.centered();
        }
        Settings keys = reduction.value().with("quantize", tried.codes());
        if (tried.codes() == ReduceSpec.Codes.PACKED) {
            keys = keys.with("bytes", tried.bytes());
        }
        return new Reduction(keys.with("sample-rows", tried.sampleRows())
                .with("few-rows", tried.fewRows())
                .with("min-recall", tried.minRecall())
                .with("keep-full", tried.full() == ReduceSpec.Full.PUBLISHED));
    }

    /** The length of a short vector. */
    public Reduction dimensions(int dimensions) {
        return new Reduction(value().with("dimensions", dimensions));
    }

    /** The mean of the sample is subtracted from every vector; cosine search finds more without. */
    public Reduction centered() {
        return new Reduction(value().with("center", true));
    }

    /** The values of a short vector become a signed byte each. */
    public Reduction int8() {
        return new Reduction(value().with("quantize", ReduceSpec.Codes.INT8));
    }

    /** The values of a short vector become a bit each. */
    public Reduction binary() {
        return new Reduction(value().with("quantize", ReduceSpec.Codes.BINARY));
    }

    /** A short vector becomes this many bytes, with more bits for dimensions of higher variance. */
    public Reduction packed(int bytes) {
        return new Reduction(value().with("quantize", ReduceSpec.Codes.PACKED).with("bytes", bytes));
    }

    /** On how many vectors, drawn at random, the reduction is fitted and tried. */
    public Reduction sampleRows(int rows) {
        return new Reduction(value().with("sample-rows", rows));
    }

    /** Where there are fewer texts than dimensions, values that cannot be fitted are zeros; without this the job stops before any work. */
    public Reduction padFewRows() {
        return new Reduction(value().with("few-rows", ReduceSpec.FewRows.PAD));
    }

    /** The share of the ten nearest neighbours that short vectors must find again, 0 to 1; below it nothing is published. */
    public Reduction minRecall(double share) {
        return new Reduction(value().with("min-recall", share));
    }

    /** The full vectors are published too, in a second column with {@code _full} at the end of its name. */
    public Reduction keepFull() {
        return new Reduction(value().with("keep-full", true));
    }

    @Override
    public String toString() {
        return "reduce: " + value().keys();
    }
}
