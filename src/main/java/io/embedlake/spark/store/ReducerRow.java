package io.embedlake.spark.store;

import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quality.Fit;
import io.embedlake.reduce.quality.Quality;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Codebooks;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/**
 * A fitted reduction as a row. Stateless.
 *
 * <p>Components and codebooks are flat, row after row. {@code code_bits} has the bits of each dimension of codebooks and is null for
 * scaled bytes, whose {@code code_levels} are the scales; both are null where values stay floats. Columns after {@code created_at} came
 * later and are null in older rows.
 */
final class ReducerRow {
    static final StructType SCHEMA = StructType.fromDDL("scope STRING NOT NULL, version INT NOT NULL,"
            + " fingerprint STRING NOT NULL, method STRING NOT NULL, input_dimensions INT NOT NULL,"
            + " dimensions INT NOT NULL, components ARRAY<FLOAT> NOT NULL, mean ARRAY<FLOAT> NOT NULL,"
            + " explained_variance ARRAY<DOUBLE> NOT NULL, sample_rows BIGINT NOT NULL, run_id STRING NOT NULL,"
            + " created_at TIMESTAMP NOT NULL, label STRING, centered BOOLEAN, network BINARY, code_bits ARRAY<INT>,"
            + " code_levels ARRAY<FLOAT>, variance_kept DOUBLE, squared_error DOUBLE,"
            + " quality STRUCT<rows: INT, queries: INT, bytes: INT, recall_at_1: DOUBLE, recall_at_10: DOUBLE,"
            + " recall_at_100: DOUBLE, reach_at_100: DOUBLE, rank_correlation: DOUBLE>");

    private static final String PCA = "pca";
    private static final String TRUNCATE = "truncate";
    private static final String AUTOENCODER = "autoencoder";
    private static final String NONE = "none";
    private static final float[] NO_FLOATS = {};

    private ReducerRow() {}

    static Row of(ReducerStore.Scope scope, int version, Fit fit, RunId run, Instant now) {
        Reducer reducer = fit.reduction().reducer();
        PcaReducer pca = reducer instanceof PcaReducer projection ? projection : null;
        Quantizer quantizer = fit.reduction().quantizer().orElse(null);
        return RowFactory.create(
                scope.text(),
                version,
                scope.fingerprint().hash(),
                method(reducer),
                pca == null ? 0 : pca.inputDimensions(),
                pca != null ? pca.dimensions() : reducer instanceof Truncation first ? first.dimensions() : 0,
                new ArraySeq.ofFloat(pca == null ? NO_FLOATS : flat(pca.components())),
                new ArraySeq.ofFloat(pca == null ? NO_FLOATS : pca.mean()),
                new ArraySeq.ofDouble(pca == null ? new double[0] : pca.explainedVariance()),
                fit.sampleRows(),
                run.text(),
                Timestamp.from(now),
                scope.label(),
                pca != null && pca.isCentered(),
                reducer instanceof AutoencoderReducer network ? network.toBytes() : null,
                quantizer instanceof Codebooks books ? new ArraySeq.ofInt(books.bits()) : null,
                quantizer == null ? null : new ArraySeq.ofFloat(levels(quantizer)),
                fit.varianceKept(),
                fit.squaredError(),
                fit.quality().map(ReducerRow::of).orElse(null));
    }

    private static Row of(Quality quality) {
        return RowFactory.create(
                quality.rows(),
                quality.queries(),
                quality.bytes(),
                quality.recallAt1(),
                quality.recallAt10(),
                quality.recallAt100(),
                quality.reachAt100(),
                quality.rankCorrelation());
    }

    /**
     * The reduction of a row.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the row does not hold together
     */
    static Fit read(Row row) {
        try {
            return fit(row);
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot use the reduction v" + row.getAs("version") + " of " + row.getAs("scope") + ": "
                            + e.getMessage()
                            + " (its row in the store's table of reducers is damaged). Restore that table to an earlier"
                            + " version, or delete the row and run the job with a refit.",
                    e);
        }
    }

    private static Fit fit(Row row) {
        Reducer reducer = reducer(row);
        Reduction reduction = quantizer(row)
                .map(quantizer -> Reduction.of(reducer, quantizer))
                .orElseGet(() -> Reduction.of(reducer));
        double varianceKept = ReducerRow.<Double>value(row, "variance_kept")
                .orElseGet(() -> reducer instanceof PcaReducer pca ? pca.varianceKept() : 1.0);
        return new Fit(
                reduction,
                row.<Long>getAs("sample_rows"),
                varianceKept,
                ReducerRow.<Double>value(row, "squared_error").orElse(Double.NaN),
                ReducerRow.<Row>value(row, "quality").map(ReducerRow::quality));
    }

    private static Quality quality(Row row) {
        return new Quality(
                row.<Integer>getAs("rows"),
                row.<Integer>getAs("queries"),
                row.<Integer>getAs("bytes"),
                row.<Double>getAs("recall_at_1"),
                row.<Double>getAs("recall_at_10"),
                row.<Double>getAs("recall_at_100"),
                row.<Double>getAs("reach_at_100"),
                row.<Double>getAs("rank_correlation"));
    }

    /** A value that older rows or tables lack. */
    private static <T> Optional<T> value(Row row, String name) {
        boolean isThere = Arrays.asList(row.schema().fieldNames()).contains(name);
        return isThere ? Optional.ofNullable(row.getAs(name)) : Optional.empty();
    }

    private static String method(Reducer reducer) {
        if (reducer instanceof PcaReducer) {
            return PCA;
        }
        if (reducer instanceof AutoencoderReducer) {
            return AUTOENCODER;
        }
        return reducer instanceof Truncation ? TRUNCATE : NONE;
    }

    private static Reducer reducer(Row row) {
        int dimensions = row.getInt(row.fieldIndex("dimensions"));
        String method = row.getAs("method");
        if (method.equals(TRUNCATE)) {
            return new Truncation(dimensions);
        }
        if (method.equals(NONE)) {
            return new NoReduction();
        }
        if (method.equals(AUTOENCODER)) {
            return AutoencoderReducer.of(row.getAs("network"));
        }
        int inputDimensions = row.getInt(row.fieldIndex("input_dimensions"));
        float[] flat = floats(row, "components");
        requireLength(flat.length, dimensions * inputDimensions, "values of components");
        float[][] components = new float[dimensions][];
        for (int i = 0; i < dimensions; i++) {
            components[i] = Arrays.copyOfRange(flat, i * inputDimensions, (i + 1) * inputDimensions);
        }
        List<Double> variance = row.getList(row.fieldIndex("explained_variance"));
        PcaReducer pca = new PcaReducer(
                components,
                floats(row, "mean"),
                variance.stream().mapToDouble(Double::doubleValue).toArray());
        return ReducerRow.<Boolean>value(row, "centered").orElse(false) ? pca.centered() : pca;
    }

    private static Optional<Quantizer> quantizer(Row row) {
        if (value(row, "code_levels").isEmpty()) {
            return Optional.empty();
        }
        float[] flat = floats(row, "code_levels");
        if (value(row, "code_bits").isEmpty()) {
            return Optional.of(new ByteScales(flat));
        }
        int[] bits = row.<Integer>getList(row.fieldIndex("code_bits")).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        requireLength(flat.length, Arrays.stream(bits).map(each -> 1 << each).sum(), "levels of codes");
        float[][] levels = new float[bits.length][];
        int from = 0;
        for (int i = 0; i < bits.length; i++) {
            levels[i] = Arrays.copyOfRange(flat, from, from + (1 << bits[i]));
            from += 1 << bits[i];
        }
        return Optional.of(new Codebooks(bits, levels));
    }

    private static float[] levels(Quantizer quantizer) {
        return quantizer instanceof ByteScales scales ? scales.scales() : flat(((Codebooks) quantizer).levels());
    }

    private static void requireLength(int length, int expected, String what) {
        if (length != expected) {
            throw new IllegalArgumentException(length + " " + what + " instead of " + expected);
        }
    }

    private static float[] floats(Row row, String name) {
        List<Float> values = row.getList(row.fieldIndex(name));
        float[] floats = new float[values.size()];
        int i = 0;
        for (Float value : values) {
            if (value == null || !Float.isFinite(value)) {
                throw new IllegalArgumentException("the value " + value + " in " + name);
            }
            floats[i++] = value;
        }
        return floats;
    }

    private static float[] flat(float[][] rows) {
        int length = 0;
        for (float[] row : rows) {
            length += row.length;
        }
        float[] flat = new float[length];
        int from = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, flat, from, row.length);
            from += row.length;
        }
        return flat;
    }
}
