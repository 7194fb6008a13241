package io.embedlake.spark.executor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import io.embedlake.reduce.quantize.FloatBytes;
import io.embedlake.spark.run.TokenHistogram;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.CallCaps;
import io.embedlake.spark.store.Rejections;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Spans;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * What tasks made of the texts of a wave. Of a row one is not null: the vector, the spans with their vectors, or the reason for which
 * the text was rejected. A row without a hash has the reason why a task ended early, or what its calls were limited to. Immutable.
 *
 * @param done the sums
 * @param lengths the embedded texts by tokens
 * @param stops why tasks ended early; at most one a task
 */
public record WaveOutcomes(Done done, TokenHistogram lengths, List<Stop> stops) implements Serializable {
    /** As tasks make them: vectors are bytes, because Spark takes an array of a row apart and puts each value into an object. */
    private static final StructType SCHEMA = StructType.fromDDL("content_hash STRING, vector BINARY, spans "
            + VectorStore.SPANS_TYPE.replace("ARRAY<FLOAT>", "BINARY")
            + ", dimension INT, tokens INT, unknown INT, truncated BOOLEAN, split BOOLEAN,"
            + " row_id STRING, characters INT, kind STRING, reason STRING");

    private static final int HASH = 0;
    private static final int SPANS = 2;
    private static final int TOKENS = 4;
    private static final int UNKNOWN = 5;
    private static final int TRUNCATED = 6;
    private static final int SPLIT = 7;
    private static final int KIND = 10;
    private static final int REASON = 11;

    /** Why a task ended early. Immutable. */
    private record Stop(String kind, String sentence) implements Serializable {}

    // ---- rows

    /** The row of a text that got its vectors. */
    static Row embedded(String hash, String rowId, int characters, Outcome.Embedded embedded) {
        int vectors = embedded.spans().map(Spans::count).orElse(1);
        return RowFactory.create(
                hash,
                embedded.spans().isPresent() ? null : bytes(embedded.vector()),
                embedded.spans().map(spans -> spans(spans, embedded.vector())).orElse(null),
                embedded.vector().length / Math.max(1, vectors),
                embedded.tokens(),
                embedded.unknown(),
                embedded.truncated(),
                embedded.chunks() > 1,
                rowId,
                characters,
                null,
                null);
    }

    private static Row[] spans(Spans spans, float[] vectors) {
        Row[] rows = new Row[spans.count()];
        int width = vectors.length / Math.max(1, rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = RowFactory.create(
                    spans.starts()[i], spans.ends()[i], bytes(Arrays.copyOfRange(vectors, i * width, (i + 1) * width)));
        }
        return rows;
    }

    private static byte[] bytes(float[] vector) {
        return new FloatBytes(vector.length).encode(vector);
    }

    /** The row of a text that can never have a vector. */
    static Row rejected(String hash, String rowId, int characters, Outcome.Refused refused) {
        return without(hash, rowId, characters, refused.kind(), refused.reason());
    }

    /** The row with the reason why a task ended early. */
    public static Row stop(EmbedlakeException why) {
        return without(null, "", 0, why.kind(), why.getMessage());
    }

    /** The row with what the calls of a task were limited to: a unit as reason, its number as tokens. */
    static Row cap(String unit, long most) {
        int tokens = (int) Math.min(Integer.MAX_VALUE, most);
        return RowFactory.create(null, null, null, null, tokens, null, null, null, "", 0, null, unit);
    }

    private static Row without(String hash, String rowId, int characters, ErrorKind kind, String reason) {
        return RowFactory.create(
                hash, null, null, null, null, null, null, null, rowId, characters, kind.name(), reason);
    }

    /** Whether a row has vectors. */
    public static Column areEmbedded() {
        return col("kind").isNull().and(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /** Whether a row is of a rejected text. */
    public static Column areRejected() {
        return col("kind").isNotNull().and(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /** Rows as a table, vectors as {@code array<float>}. */
    public static Dataset<Row> table(SparkSession spark, JavaRDD<Row> rows) {
        Column spans = transform(
                col("spans"),
                span -> struct(
                        span.getField("start").as("start"),
                        span.getField("end").as("end"),
                        VectorColumns.ofBytes(span.getField("vector")).as("vector")));
        return spark.createDataFrame(rows, SCHEMA)
                .withColumn("vector", VectorColumns.ofBytes(col("vector")))
                .withColumn("spans", spans);
    }

    // ---- sums

    /** The sums of all rows, counted in the results that tasks return to the driver: each row once, even if tasks are repeated. */
    public static WaveOutcomes of(JavaRDD<Row> rows) {
        return rows.aggregate(new Sums(), Sums::with, Sums::plus).outcomes();
    }

    /** Sums that grow row by row. Mutable, as Spark allows; a task has its own. */
    private static final class Sums implements Serializable {
        private static final long serialVersionUID = 1L;

        private final TokenHistogram.Counter lengths = new TokenHistogram.Counter();
        private final List<Stop> stops = new ArrayList<>();
        private Done done = Done.NOTHING;

        Sums with(Row row) {
            if (row.isNullAt(HASH) && row.isNullAt(KIND)) {
                CallCaps caps = new CallCaps(Map.of(row.getString(REASON), (long) row.getInt(TOKENS)));
                done = done.plus(Done.NOTHING.within(caps));
            } else if (row.isNullAt(HASH)) {
                stops.add(new Stop(row.getString(KIND), row.getString(REASON)));
            } else if (row.isNullAt(KIND)) {
                lengths.add(row.getInt(TOKENS));
                done = done.plus(embedded(row));
            } else {
                done = done.plus(Done.rejected(ErrorKind.valueOf(row.getString(KIND))));
            }
            return this;
        }

        private static Done embedded(Row row) {
            return new Done(
                    1,
                    Rejections.NONE,
                    row.isNullAt(SPANS) ? 1 : ((Object[]) row.get(SPANS)).length,
                    row.getBoolean(TRUNCATED) ? 1 : 0,
                    row.getBoolean(SPLIT) ? 1 : 0,
                    row.getInt(TOKENS),
                    row.getInt(UNKNOWN),
                    CallCaps.NONE,
                    Duration.ZERO);
        }

        Sums plus(Sums other) {
            lengths.add(other.lengths);
            stops.addAll(other.stops);
            done = done.plus(other.done);
            return this;
        }

        WaveOutcomes outcomes() {
            return new WaveOutcomes(done, lengths.counted(), List.copyOf(stops));
        }
    }

    /** Why the job must stop, if it must. */
    public Optional<EmbedlakeException> stop() {
        return stops.stream()
                .findFirst()
                .map(stop -> new EmbedlakeException(ErrorKind.valueOf(stop.kind()), stop.sentence()));
    }
}
