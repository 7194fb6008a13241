package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min_by;

import io.embedlake.config.TableRef;
import io.embedlake.embed.Fingerprint;
import io.embedlake.reduce.Reducer;
import io.embedlake.spark.sql.VectorColumns;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One vector a text. Confined to the driver. */
final class WholeVectors extends VectorTable {
    WholeVectors(Tables tables, TableRef ref) {
        super(tables, ref);
    }

    @Override
    String what() {
        return "vector";
    }

    @Override
    String valueColumn() {
        return "vector ARRAY<FLOAT>";
    }

    @Override
    Dataset<Row> reduced(Fingerprint fingerprint, Reducer reducer) {
        return rows(fingerprint)
                .select(
                        col(CONTENT_HASH),
                        VectorColumns.reduced(col("vector"), reducer).as("vector"),
                        col(CREATED_AT))
                .groupBy(col(CONTENT_HASH))
                .agg(min_by(col("vector"), col(CREATED_AT)).as(VectorStore.VECTOR));
    }

    @Override
    Dataset<Row> sample(Fingerprint fingerprint, Dataset<Row> hashes, long wanted) {
        return rows(fingerprint)
                .join(hashes, new String[] {CONTENT_HASH}, "left_semi")
                .dropDuplicates(CONTENT_HASH)
                .select(col(CONTENT_HASH).as(VectorStore.KEY), col("vector").as(VectorStore.VECTOR));
    }
}
