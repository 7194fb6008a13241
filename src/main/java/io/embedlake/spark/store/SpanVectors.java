package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.sql.VectorColumns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A vector for each of a text's tokens or chunks, with its span. Confined to the driver. */
final class SpanVectors extends VectorTable {
    private static final String SPANS = "spans";

    SpanVectors(Tables tables, TableRef ref) {
        super(tables, ref);
    }

    @Override
    String what() {
        return "vector of a token or a chunk of a text";
    }

    @Override
    String valueColumn() {
        return SPANS + " " + VectorStore.SPANS_TYPE;
    }

    @Override
    Dataset<Row> reduced(Dataset<Row> rows, Reduction reduction) {
        Column published = transform(
                col(SPANS),
                span -> struct(
                        span.getField("start").as("start"),
                        span.getField("end").as("end"),
                        VectorColumns.published(span.getField("vector"), reduction)
                                .as("vector")));
        return older(
                rows.select(col(CONTENT_HASH), published.as(SPANS), col(CREATED_AT)), col(SPANS), VectorStore.VECTOR);
    }

    /** The texts have any number of vectors, which are drawn by the hash of their own key. */
    @Override
    Dataset<Row> sample(Dataset<Row> rows, long wanted) {
        Dataset<Row> texts = older(rows, col(SPANS), SPANS);
        Row counted = texts.agg(sum(size(col(SPANS)))).first();
        long total = counted.isNullAt(0) ? 0 : counted.getLong(0);
        Column key = concat_ws("-", col(CONTENT_HASH), col("position"));
        return texts.select(col(CONTENT_HASH), posexplode(col(SPANS)).as(new String[] {"position", "span"}))
                .select(
                        sha2(key.cast("binary"), 256).as(VectorStore.KEY),
                        col("span.vector").as(VectorStore.VECTOR))
                .where(HashSample.of(VectorStore.KEY, wanted, total));
    }
}
