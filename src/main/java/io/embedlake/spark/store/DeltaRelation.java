package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import java.util.Optional;
import org.apache.spark.sql.delta.files.TahoeLogFileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.sources.BaseRelation;

/**
 * The Delta tables that queries read. Stateless. Links to the internals of Delta Lake as {@link DeltaLogLook} does, and fails as that does.
 */
final class DeltaRelation {
    private DeltaRelation() {}

    /** The table whose newest version a relation reads as a whole; nothing of another relation, such as one of an older version. */
    static Optional<TableRef> newest(BaseRelation relation) {
        return relation instanceof HadoopFsRelation files
                        && files.location() instanceof TahoeLogFileIndex index
                        && !index.isTimeTravelQuery()
                        && index.partitionFilters().isEmpty()
                ? Optional.of(new TableRef.FilePath(
                        TableRef.Format.DELTA, index.deltaLog().dataPath().toString()))
                : Optional.empty();
    }
}
