package io.embedlake.spark.store;

import java.io.Serializable;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArray;
import org.apache.spark.sql.delta.deletionvectors.StoredBitmap$;
import org.apache.spark.sql.delta.storage.dv.DeletionVectorStore$;

/**
 * The rows of a file that are deleted, as a deletion vector says. Immutable; travels to executors. Links to the internals of Delta Lake as
 * {@link DeltaLogLook} does, and fails as that does.
 */
public final class DeletedRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final DeletionVectorDescriptor vector;

    /**
     * Of a file.
     *
     * @param table the folder of the table
     * @param vector null where no row is deleted
     */
    DeletedRows(String table, DeletionVectorDescriptor vector) {
        this.table = table;
        this.vector = vector;
    }

    /** Reads which rows are deleted, by their numbers within the file. */
    public LongPredicate read(Configuration configuration) {
        if (vector == null) {
            return row -> false;
        }
        RoaringBitmapArray rows = StoredBitmap$.MODULE$
                .create(vector, new Path(table))
                .load(DeletionVectorStore$.MODULE$.createInstance(configuration));
        return rows::contains;
    }
}
