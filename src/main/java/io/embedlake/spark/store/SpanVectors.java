package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import io.embedlake.config.TableRef;
import io.embedlake.embed.Fingerprint;
import io.embedlake.reduce.Reducer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** A vector for each of a text's tokens or pieces, with the span that it stands for. Confined to the driver. */
final class SpanVectors extends VectorTable {
    private static final String SPANS = "spans";

    /** The fields of a bean come in the order of their names. */
    private static final String IN_ORDER = "transform(" + VectorStore.VECTOR
            + ", span -> named_struct('start', span.start, 'end', span.end, 'vector', span.vector))";

    SpanVectors(Tables tables, TableRef ref) {
        super(tables, ref);
    }

    @Override
    String what() {
        return "vector of a token or a piece of a text";
    }

    @Override
    String valueColumn() {
        return SPANS + " " + VectorStore.SPANS_TYPE;
    }

    @Override
    Dataset<Row> reduced(Fingerprint fingerprint, Reducer reducer) {
        return rows(fingerprint)
                .select(
                        col(CONTENT_HASH).as("contentHash"),
                        col(SPANS),
                        col(CREATED_AT).cast("double").as("createdAt"))
                .as(Encoders.bean(StoredSpans.class))
                .map(new ReduceSpans(reducer), Encoders.bean(StoredSpans.class))
                .groupBy(col("contentHash").as(CONTENT_HASH))
                .agg(min_by(col(SPANS), col("createdAt")).as(VectorStore.VECTOR))
                .withColumn(VectorStore.VECTOR, expr(IN_ORDER));
    }

    /** The texts have any number of vectors, which are drawn by the hash of their own key. */
    @Override
    Dataset<Row> sample(Fingerprint fingerprint, Dataset<Row> hashes, long wanted) {
        Dataset<Row> texts = rows(fingerprint)
                .join(hashes, new String[] {CONTENT_HASH}, "left_semi")
                .dropDuplicates(CONTENT_HASH);
        Row counted = texts.agg(sum(size(col(SPANS)))).first();
        long total = counted.isNullAt(0) ? 0 : counted.getLong(0);
        Column key = concat_ws("-", col(CONTENT_HASH), col("position"));
        return texts.select(col(CONTENT_HASH), posexplode(col(SPANS)).as(new String[] {"position", "span"}))
                .select(
                        sha2(key.cast("binary"), 256).as(VectorStore.KEY),
                        col("span.vector").as(VectorStore.VECTOR))
                .where(HashBound.below(VectorStore.KEY, wanted, total));
    }
}
