package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.PublishedColumn;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.store.BegunRun;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A vector column that is ready to be published. Immutable.
 *
 * @param embedded the column, its texts embedded
 * @param chosen how its vectors are reduced for publishing
 */
record ReducedColumn(EmbeddedColumn embedded, ColumnReducers.Chosen chosen) {
    /** Its record for the log of runs. */
    ColumnRecord record() {
        return embedded.record(chosen.record());
    }

    /**
     * The short vectors, and the full ones where they are wanted.
     *
     * @param run which publishes them
     */
    List<PublishedColumn> published(VectorStore store, BegunRun run) {
        JobColumn column = embedded.column();
        EmbeddingSpec embedding = column.embedding();
        EmbedderSpec spec = column.spec();
        List<PublishedColumn> published = new ArrayList<>();
        published.add(new PublishedColumn(
                column.text(),
                column.name(),
                TargetTable.type(spec.granularity(), embedding.reduce().codes()),
                vectors(store, run, chosen.reduction()),
                Provenance.of(spec, chosen.record().name())));
        embedding
                .fullColumn()
                .ifPresent(full -> published.add(new PublishedColumn(
                        column.text(),
                        full,
                        TargetTable.type(spec.granularity(), ReduceSpec.Codes.NONE),
                        vectors(store, run, Reduction.of(new NoReduction())),
                        Provenance.of(spec, Provenance.NO_REDUCER))));
        return published;
    }

    /** Of few changed rows only their own vectors: those that the run has embedded are in its own files. */
    private Dataset<Row> vectors(VectorStore store, BegunRun run, Reduction reduction) {
        JobColumn column = embedded.column();
        if (!column.text().source().areChanges()) {
            return store.reduced(column.spec(), reduction);
        }
        return embedded.counts().embedded() == embedded.done().embedded()
                ? store.reducedOf(run, column.spec(), reduction)
                : store.reduced(column.spec(), reduction, column.text().hashes());
    }
}
