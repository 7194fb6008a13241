package io.embedlake.spark.batch;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.remote.batch.BatchSink;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Rejections;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.collection.mutable.ArraySeq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Keeps the outcomes of batches in the store, a commit a batch. Until then they are on the executors' disks: the driver holds a few
 * megabytes of them, however large a batch is. Texts whose turn has not come are neither embedded nor rejected. Confined to the driver.
 */
public final class BatchOutcomes implements BatchSink {
    private static final StructType SCHEMA =
            StructType.fromDDL("content_hash STRING, vector ARRAY<FLOAT>, dimension INT,"
                    + " tokens INT, truncated BOOLEAN, kind STRING, reason STRING");
    private static final String KIND = "kind";
    private static final String HASH = VectorStore.CONTENT_HASH;

    /** A task of Spark carries a part of it as its closure, for which a megabyte is much. */
    private static final int CHUNK_BYTES = 8 << 20;

    private static final int PARTITIONS_OF_CHUNK = 8;
    private static final int ROW_BYTES = 200;

    private final JavaSparkContext context;
    private final SparkSession spark;
    private final VectorStore store;
    private final EmbedderSpec spec;
    private final int dimension;
    private final RunId run;
    private final Dataset<Row> texts;
    private final List<RDD<Row>> spooled = new ArrayList<>();
    private List<Row> chunk = new ArrayList<>();
    private long chunkBytes;
    private long rejectedSince;
    private long embedded;
    private Rejections rejections = Rejections.NONE;
    private long tokens;
    private long truncated;
    private long left;
    private Optional<EmbedlakeException> fault = Optional.empty();

    /**
     * Outcomes of a run.
     *
     * @param dimension how long vectors are
     * @param texts {@code content_hash, text, row_id}, each hash once: where the rows of rejected texts are looked up
     */
    public BatchOutcomes(
            SparkSession spark, VectorStore store, EmbedderSpec spec, int dimension, RunId run, Dataset<Row> texts) {
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.spark = spark;
        this.store = store;
        this.spec = spec;
        this.dimension = dimension;
        this.run = run;
        this.texts = texts;
    }

    /** The texts that got a vector. */
    public long embedded() {
        return embedded;
    }

    /** The rejected texts. */
    public Rejections rejections() {
        return rejections;
    }

    /** The tokens of texts that got a vector. */
    public long tokens() {
        return tokens;
    }

    /** How many of these texts the provider cut. */
    public long truncated() {
        return truncated;
    }

    /** The texts whose turn has not come. */
    public long left() {
        return left;
    }

    /** What the provider refused for reasons that no text is to blame for, if it did. */
    public Optional<EmbedlakeException> fault() {
        return fault;
    }

    @Override
    public void take(String id, Outcome outcome) {
        if (outcome instanceof Refused refused) {
            refuse(id, refused);
        } else if (outcome instanceof Embedded vector && vector.vector().length == dimension) {
            keep(id, vector);
        } else {
            reject(id, ErrorKind.PROTOCOL, "the vector has another length than " + dimension);
        }
    }

    private void keep(String id, Embedded vector) {
        embedded++;
        tokens += vector.tokens();
        truncated += vector.truncated() ? 1 : 0;
        add(
                RowFactory.create(
                        id,
                        new ArraySeq.ofFloat(vector.vector()),
                        dimension,
                        vector.tokens(),
                        vector.truncated(),
                        null,
                        null),
                ROW_BYTES + dimension * Float.BYTES);
    }

    private void refuse(String id, Refused refused) {
        switch (refused.kind()) {
            case INVALID_INPUT, PROTOCOL -> reject(id, refused.kind(), refused.reason());
            case TRANSIENT, THROTTLED, EXHAUSTED -> left++;
            case CONFIGURATION, STORAGE -> {
                left++;
                fault = fault.or(() -> Optional.of(new EmbedlakeException(
                        refused.kind(),
                        "Cannot embed a text in a batch of " + spec.label() + ": " + refused.reason()
                                + " (the provider refuses it). Check the key, the model and its options.")));
            }
        }
    }

    private void reject(String id, ErrorKind kind, String reason) {
        rejections = rejections.plus(Rejections.of(kind));
        rejectedSince++;
        add(RowFactory.create(id, null, null, null, null, kind.name(), reason), ROW_BYTES + reason.length());
    }

    private void add(Row row, int bytes) {
        chunk.add(row);
        chunkBytes += bytes;
        if (chunkBytes >= CHUNK_BYTES) {
            spool();
        }
    }

    /** The list can be collected: a checkpointed data set drops its lineage. */
    private void spool() {
        RDD<Row> rows = context.parallelize(chunk, PARTITIONS_OF_CHUNK)
                .map(new Unchanged())
                .persist(StorageLevel.DISK_ONLY())
                .rdd();
        rows.localCheckpoint();
        rows.count();
        spooled.add(rows);
        chunk = new ArrayList<>();
        chunkBytes = 0;
    }

    @Override
    public void commit(String name) {
        Failures.on("keep the vectors of a batch", "Start the job again: they are fetched once more.", () -> {
            if (!chunk.isEmpty()) {
                spool();
            }
            if (!spooled.isEmpty()) {
                keep(name);
            }
        });
        spooled.forEach(rows -> rows.unpersist(false));
        spooled.clear();
        rejectedSince = 0;
    }

    private void keep(String name) {
        RDD<Row> all = context.sc()
                .union(CollectionConverters.asScala(spooled).toSeq(), ClassTag$.MODULE$.<Row>apply(Row.class));
        Dataset<Row> outcomes = spark.createDataFrame(all.toJavaRDD().coalesce(context.defaultParallelism()), SCHEMA);
        store.appendBatch(outcomes.where(col(KIND).isNull()), spec, run, name);
        if (rejectedSince > 0) {
            store.rejectBatch(withRows(outcomes.where(col(KIND).isNotNull())), spec, run, name);
        }
    }

    /** With a row that has the text; with none where the source has the text no more. */
    private Dataset<Row> withRows(Dataset<Row> refused) {
        Dataset<Row> known = texts.join(broadcast(refused.select(HASH)), new String[] {HASH}, "left_semi")
                .select(
                        col(HASH),
                        col("row_id").as("known_id"),
                        length(col("text")).as("length"));
        return refused.join(known, new String[] {HASH}, "left")
                .withColumn("row_id", coalesce(col("known_id"), lit("")))
                .withColumn("characters", coalesce(col("length"), lit(0)));
    }
}
