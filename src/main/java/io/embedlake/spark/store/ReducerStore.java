package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.embedlake.config.TableRef;
import io.embedlake.embed.Fingerprint;
import io.embedlake.reduce.PcaReducer;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/**
 * The fitted reducers of a store, each with a version in its scope: a target's column. A version once saved never changes.
 * Confined to the driver; jobs may share a store.
 */
public final class ReducerStore {
    private static final StructType SCHEMA = StructType.fromDDL("scope STRING NOT NULL, version INT NOT NULL,"
            + " fingerprint STRING NOT NULL, method STRING NOT NULL, input_dimensions INT NOT NULL,"
            + " dimensions INT NOT NULL, components ARRAY<FLOAT> NOT NULL, mean ARRAY<FLOAT> NOT NULL,"
            + " explained_variance ARRAY<DOUBLE> NOT NULL, sample_rows BIGINT NOT NULL, run_id STRING NOT NULL,"
            + " created_at TIMESTAMP NOT NULL");
    private static final String PCA = "pca";

    private final Tables tables;
    private final TableRef reducers;

    public ReducerStore(Tables tables, TableRef store) {
        this.tables = tables;
        this.reducers = store.sibling("_reducers");
    }

    /**
     * What a reducer is for: it is fitted on one column's vectors and used for no other.
     *
     * @param target the table that the vectors are published in
     * @param column the vector column
     * @param fingerprint what made the full vectors
     * @param dimensions the length of the short vectors
     */
    public record Scope(TableRef target, String column, Fingerprint fingerprint, int dimensions) {
        private String text() {
            return target.sql() + " " + column;
        }
    }

    /**
     * A reducer with its place in the store.
     *
     * @param version counts from 1 within the scope
     * @param reducer the mapping
     * @param sampleRows how many vectors it was fitted on
     */
    public record Versioned(int version, PcaReducer reducer, long sampleRows) {
        /** Such as {@code pca-64 v1}. */
        public String label() {
            return PCA + "-" + reducer.dimensions() + " v" + version;
        }
    }

    /** The newest reducer of a scope. */
    public Optional<Versioned> latest(Scope scope) {
        if (!tables.exists(reducers)) {
            return Optional.empty();
        }
        return tables
                .read(reducers)
                .where(col("scope").equalTo(scope.text()))
                .where(col("fingerprint").equalTo(scope.fingerprint().hash()))
                .where(col("dimensions").equalTo(scope.dimensions()))
                .orderBy(col("version").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(ReducerStore::read);
    }

    /**
     * Saves a first reducer. When another job saved one for the scope in the meantime, that one stays and is the answer, so
     * that a column is never made by two.
     */
    public Versioned saveFirst(Scope scope, PcaReducer reducer, long sampleRows, RunId run, Instant now) {
        StoreTable.create(
                tables,
                reducers,
                "(" + SCHEMA.toDDL() + ") USING delta COMMENT 'embedlake: fitted reducers, by scope and version'");
        int version = 1;
        Row row = RowFactory.create(
                scope.text(),
                version,
                scope.fingerprint().hash(),
                PCA,
                reducer.inputDimensions(),
                reducer.dimensions(),
                new ArraySeq.ofFloat(flat(reducer.components())),
                new ArraySeq.ofFloat(reducer.mean()),
                new ArraySeq.ofDouble(reducer.explainedVariance()),
                sampleRows,
                run.text(),
                Timestamp.from(now));
        String application =
                "reducer " + scope.text() + " " + scope.fingerprint().hash() + " " + scope.dimensions();
        try {
            StoreTable.append(reducers, tables.spark().createDataFrame(List.of(row), SCHEMA), application, version);
        } catch (DeltaConcurrentModificationException e) {
            // The other job's reducer is there now.
        }
        return latest(scope).orElseThrow();
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[row].length, rows[row].length);
        }
        return flat;
    }

    private static Versioned read(Row row) {
        int dimensions = row.getInt(row.fieldIndex("dimensions"));
        int inputDimensions = row.getInt(row.fieldIndex("input_dimensions"));
        List<Float> flat = row.getList(row.fieldIndex("components"));
        float[][] components = new float[dimensions][inputDimensions];
        for (int i = 0; i < flat.size(); i++) {
            components[i / inputDimensions][i % inputDimensions] = flat.get(i);
        }
        List<Float> meanValues = row.getList(row.fieldIndex("mean"));
        float[] mean = new float[inputDimensions];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = meanValues.get(i);
        }
        List<Double> variance = row.getList(row.fieldIndex("explained_variance"));
        return new Versioned(
                row.getInt(row.fieldIndex("version")),
                new PcaReducer(
                        components,
                        mean,
                        variance.stream().mapToDouble(Double::doubleValue).toArray()),
                row.getLong(row.fieldIndex("sample_rows")));
    }
}
