package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Sha256;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The fitted models of a store, each with a version in its scope: a target's column. A version once saved never changes. Confined to
 * the driver; jobs may share a store.
 */
public final class ModelStore {
    private static final StructType SCHEMA = StructType.fromDDL("scope STRING NOT NULL, version INT NOT NULL,"
            + " platform STRING NOT NULL, fitting STRING NOT NULL, sha256 STRING NOT NULL, bytes BINARY NOT NULL,"
            + " sample_rows BIGINT NOT NULL, run_id STRING NOT NULL, created_at TIMESTAMP NOT NULL");

    /** A task of Spark, in which a row travels to where it is written, has at most 128 MiB. */
    private static final int MOST_BYTES = 100 << 20;

    private final Tables tables;
    private final TableRef models;

    public ModelStore(Tables tables, TableRef store) {
        this.tables = tables;
        this.models = store.sibling("_models");
    }

    /**
     * What a model is for: it is fitted on one column's texts and used for no other.
     *
     * @param target the table that the vectors are published in
     * @param column the vector column
     * @param platform the platform that it belongs to
     * @param fitting all that it depends on but the sample
     */
    public record Scope(TableRef target, String column, String platform, Fingerprint fitting) {
        private String text() {
            return new ColumnScope(target, column).text();
        }
    }

    /**
     * A model with its place in the store.
     *
     * @param version counts from 1 within the scope
     * @param sha256 the hash of its bytes
     * @param sampleRows how many texts it was fitted on
     */
    public record Versioned(int version, String sha256, long sampleRows) {}

    /**
     * A model of any scope, which is not read.
     *
     * @param column the column that it was fitted on
     * @param platform the platform that it belongs to
     * @param run the run that fitted it
     */
    public record Saved(ColumnScope column, String platform, RunId run) {}

    /** The models of all scopes, newest first; nothing where the store has no table for them. */
    public Optional<List<Saved>> saved() {
        if (!tables.exists(models)) {
            return Optional.empty();
        }
        return Optional.of(
                tables
                        .read(models)
                        .orderBy(col("created_at").desc())
                        .select("scope", "platform", "run_id")
                        .collectAsList()
                        .stream()
                        .map(row -> new Saved(
                                ColumnScope.parse(row.getString(0)), row.getString(1), new RunId(row.getString(2))))
                        .toList());
    }

    /** The newest version of the table; nothing where there is none. */
    public Optional<TableVersion> version() {
        return tables.newestVersion(models);
    }

    /** The newest model of a scope; its bytes are not read. */
    public Optional<Versioned> latest(Scope scope) {
        if (!tables.exists(models)) {
            return Optional.empty();
        }
        return of(scope)
                .select("version", "sha256", "sample_rows")
                .orderBy(col("version").desc())
                .limit(1)
                .collectAsList()
                .stream()
                .findFirst()
                .map(row -> new Versioned(row.getInt(0), row.getString(1), row.getLong(2)));
    }

    /**
     * The bytes of a model.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when they differ from what was saved
     */
    public byte[] bytes(Scope scope, Versioned model) {
        byte[] bytes = of(scope)
                .where(col("version").equalTo(model.version()))
                .select("bytes")
                .first()
                .getAs(0);
        if (!Sha256.hex(bytes).equals(model.sha256())) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot use the fitted model of the column " + scope.column() + ": its " + bytes.length
                            + " bytes in " + models + " do not have the checksum that stands beside them ("
                            + model.sha256()
                            + "). Restore the table to an earlier version, or embed into a new column.");
        }
        return bytes;
    }

    private Dataset<Row> of(Scope scope) {
        return tables.read(models)
                .where(col("scope").equalTo(scope.text()))
                .where(col("platform").equalTo(scope.platform()))
                .where(col("fitting").equalTo(scope.fitting().hash()));
    }

    /**
     * Saves a first model. When another job saved one for the scope in the meantime, that one stays and is the answer, so that a column
     * is never made by two.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is too large
     */
    public Versioned saveFirst(Scope scope, byte[] bytes, long sampleRows, RunId run, Instant now) {
        if (bytes.length > MOST_BYTES) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot keep the fitted model of the column " + scope.column() + ": it has " + bytes.length
                            + " bytes (at most " + MOST_BYTES + "). Set vocabulary or dimensions to less.");
        }
        StoreTable.create(
                tables,
                models,
                "(" + SCHEMA.toDDL() + ") USING delta COMMENT 'embedlake: fitted models, by scope and version'");
        int version = 1;
        Row row = RowFactory.create(
                scope.text(),
                version,
                scope.platform(),
                scope.fitting().hash(),
                Sha256.hex(bytes),
                bytes,
                sampleRows,
                run.text(),
                Timestamp.from(now));
        String application = "model " + scope.text() + " " + scope.fitting().hash();
        StoreTable.appendIfFirst(tables, models, row, SCHEMA, application, version);
        return latest(scope).orElseThrow();
    }
}
