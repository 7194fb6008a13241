package io.embedlake.spark.search;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.SourceSpec;
import io.embedlake.config.TableRef;
import io.embedlake.config.TargetSpec;
import io.embedlake.config.WaveLimits;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.index.IndexedColumn;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetShape;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Platforms;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Finds out how a vector column was made: its table's properties name the store and the run, and the store's log of runs has the job.
 * Stateless; confined to the driver.
 *
 * <p>A table is untrusted data and must not decide where texts and keys are sent: the caller names the hosts that
 * may receive them.
 */
public final class ColumnOrigin {
    private ColumnOrigin() {}

    /**
     * A job that reproduces this column alone.
     *
     * @param allowedHosts where queries, and what signs them, may be sent
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when embedlake did not make the column, its run is unknown, or queries
     *     would go elsewhere
     */
    public static JobSpec of(SparkSession spark, TableRef table, String column, List<String> allowedHosts) {
        Tables tables = new Tables(spark);
        TargetTable target = TargetTable.open(tables, table);
        if (target.provenance(column).isEmpty()) {
            throw neverMade(table, column);
        }
        String name = Columns.find(target.columns(), column).orElseThrow().name();
        TableRef store = store(target, name);
        Map<String, String> job = job(tables, target, name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot search the column " + name + " of " + table + ": the log of runs of the store " + store
                                + " does not say how it was made (a query is embedded like the column). Search with the"
                                + " job that made it."));
        EmbeddingSpec embedding = EmbeddingSpec.of(job, name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot search the column " + name + " of " + table
                                + ": it holds full vectors beside another column, or its job has been changed (a column is"
                                + " searched by the name that its job has for it). Name that column."));
        requireAllowed(embedding, name, allowedHosts);
        return job(table, store, job, embedding);
    }

    /** The store of a vector column. */
    public static TableRef store(TargetTable target, String column) {
        return Optional.ofNullable(target.properties().get(Provenance.storeProperty(column)))
                .map(TableRef::parse)
                .orElseGet(() -> target.table().sibling("_embeddings"));
    }

    /** The columns that name a row of a table with this vector column; nothing where the log of runs does not say how it was made. */
    public static Optional<List<String>> ids(Tables tables, TargetTable target, String column) {
        return job(tables, target, column).flatMap(job -> EmbeddingSpec.of(job, column)
                .map(embedding -> TargetShape.of(job(target.table(), store(target, column), job, embedding))
                        .ids()));
    }

    /**
     * A column of floats as its index knows it: by the name that the job which made it has for the table.
     *
     * @param target the table, by that name or another
     * @return nothing where embedlake did not make the column, or the log of runs does not say how
     */
    public static Optional<IndexedColumn> indexed(Tables tables, TargetTable target, String column) {
        return target.provenance(column)
                .flatMap(made -> job(tables, target, column).flatMap(job -> ids(tables, target, column)
                        .map(ids -> new IndexedColumn(
                                TableRef.parse(job.get("target.table")),
                                store(target, column),
                                column,
                                Optional.empty(),
                                ids,
                                made.fingerprint(),
                                made.reducer(),
                                Optional.empty()))));
    }

    private static Optional<Map<String, String>> job(Tables tables, TargetTable target, String column) {
        return Optional.ofNullable(target.properties().get(Provenance.runProperty(column)))
                .flatMap(run -> new RunLog(tables, store(target, column)).job(new RunId(run)));
    }

    private static JobSpec job(TableRef table, TableRef store, Map<String, String> job, EmbeddingSpec embedding) {
        return new JobSpec(
                job.getOrDefault("job", embedding.column()),
                new SourceSpec(table, List.of(job.get("source.id").split(", ")), Optional.empty()),
                new TargetSpec(table, store),
                List.of(embedding),
                0,
                Optional.empty(),
                new WaveLimits(1, Duration.ofMinutes(1)),
                List.of(),
                Map.of());
    }

    private static EmbedlakeException neverMade(TableRef table, String column) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot search " + table + ": it has no vector column " + column
                        + " that embedlake made (a column is searched after it was embedded). Run the job first.");
    }

    private static void requireAllowed(EmbeddingSpec embedding, String column, List<String> allowed) {
        if (!(Platforms.named(embedding.platform()) instanceof ProviderPlatform provider)) {
            return;
        }
        Stream.concat(
                        Stream.of(provider.endpoint(embedding.request()).host()),
                        embedding.request().option("token-endpoint").map(ColumnOrigin::host).stream())
                .filter(host -> !allowed.contains(host))
                .findFirst()
                .ifPresent(host -> {
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot search the column " + column + ": its queries would be sent to " + host
                                    + " (a table does not decide where texts and keys go). Name the host in allowedHosts, or"
                                    + " search with the job.");
                });
    }

    private static String host(String url) {
        try {
            return String.valueOf(URI.create(url).getHost());
        } catch (IllegalArgumentException e) {
            return "an address that is none";
        }
    }
}
