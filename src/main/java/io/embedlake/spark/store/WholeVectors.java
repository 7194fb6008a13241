package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spi.Fingerprint;
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
    Dataset<Row> reduced(Dataset<Row> rows, Reduction reduction) {
        Dataset<Row> published = rows.select(
                col(CONTENT_HASH),
                VectorColumns.published(col("vector"), reduction).as("vector"),
                col(CREATED_AT));
        return older(published, col("vector"), VectorStore.VECTOR);
    }

    @Override
    Dataset<Row> sample(Fingerprint fingerprint, Dataset<Row> hashes, long wanted) {
        Dataset<Row> rows = rows(fingerprint).join(hashes, new String[] {CONTENT_HASH}, "left_semi");
        return older(rows, col("vector"), VectorStore.VECTOR).withColumnRenamed(CONTENT_HASH, VectorStore.KEY);
    }
}
