package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.embedlake.config.TableRef;
import io.embedlake.spark.sql.AtOnce;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Finds some texts in a table of whole vectors by reading single pages of its files. The hashes of texts are spread evenly, so every file
 * has some of them, and a join reads all vectors of all files. Confined to the driver.
 */
final class HashLookup {
    /** More are not kept in the memory of the driver, and most pages have one of them. */
    static final int MOST = 200_000;

    private static final StructType HASHES = StructType.fromDDL("content_hash STRING NOT NULL");
    private static final StructType VECTORS = StructType.fromDDL(
            "content_hash STRING NOT NULL, vector ARRAY<FLOAT> NOT NULL, created_at BIGINT NOT NULL");

    /** What changes which rows of a file are the table's, or what its columns are called there. */
    private static final List<String> UNREADABLE =
            List.of("delta.feature.deletionVectors", "delta.feature.columnMapping");

    private final SparkSession spark;
    private final List<String> files;
    private final String fingerprint;
    private final Broadcast<AskedHashes> asked;

    private HashLookup(SparkSession spark, List<String> files, String fingerprint, AskedHashes asked) {
        this.spark = spark;
        this.files = files;
        this.fingerprint = fingerprint;
        this.asked = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(asked);
    }

    /** A look-up of these texts; nothing where there are too many of them, or the table's files do not say alone what its rows are. */
    static Optional<HashLookup> of(Tables tables, TableRef table, Fingerprint fingerprint, Dataset<Row> hashes) {
        Map<String, String> properties = tables.properties(table);
        if (UNREADABLE.stream().anyMatch(properties::containsKey)) {
            return Optional.empty();
        }
        AtOnce.Both<List<String>, String[]> both = AtOnce.both(
                () -> hashes.select(VectorTable.CONTENT_HASH)
                        .limit(MOST + 1)
                        .as(Encoders.STRING())
                        .collectAsList(),
                () -> tables.read(table)
                        .where(col(VectorTable.FINGERPRINT).equalTo(fingerprint.hash()))
                        .inputFiles());
        Set<String> asked = new HashSet<>(both.one());
        return asked.size() > MOST
                ? Optional.empty()
                : Optional.of(new HashLookup(
                        tables.spark(), Arrays.asList(both.other()), fingerprint.hash(), new AskedHashes(asked)));
    }

    /** The texts that the table has: {@code content_hash}; a hash may come more than once. */
    Dataset<Row> hashes() {
        return read(HASHES, StoreFile::hashes);
    }

    /** Their rows: {@code content_hash, vector, created_at}; a hash may come more than once. */
    Dataset<Row> rows() {
        return read(VECTORS, StoreFile::vectors)
                .withColumn(VectorTable.CREATED_AT, timestamp_micros(col(VectorTable.CREATED_AT)));
    }

    private Dataset<Row> read(StructType schema, Part part) {
        int parts = Math.max(1, Math.min(files.size(), 8 * spark.sparkContext().defaultParallelism()));
        ReadFile read = new ReadFile(
                new SerializableConfiguration(spark.sessionState().newHadoopConf()), fingerprint, asked, part);
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(files, parts)
                        .flatMap(read),
                schema);
    }

    /** What is read of a group of rows of a file. */
    private interface Part extends Serializable {
        List<Row> of(StoreFile file, int group) throws IOException;
    }

    /** A file to rows. Immutable; runs on executors. */
    private record ReadFile(
            SerializableConfiguration configuration, String fingerprint, Broadcast<AskedHashes> asked, Part part)
            implements FlatMapFunction<String, Row> {
        @Override
        public Iterator<Row> call(String name) {
            return reading(name, () -> {
                StoreFile file = new StoreFile(name, configuration.value(), fingerprint, asked.value());
                TaskCompletionListener close = context -> closeQuietly(file);
                TaskContext.get().addTaskCompletionListener(close);
                return IntStream.range(0, file.groups())
                        .boxed()
                        .flatMap(group -> reading(name, () -> part.of(file, group)).stream())
                        .iterator();
            });
        }

        private static void closeQuietly(StoreFile file) {
            try {
                file.close();
            } catch (IOException e) {
                // All that is asked of it was read.
            }
        }

        private static <T> T reading(String name, Reading<T> reading) {
            try {
                return reading.read();
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot read the store: " + name + " (" + e.getMessage()
                                + "). Check the storage, and start the job again.",
                        e);
            }
        }

        private interface Reading<T> {
            T read() throws IOException;
        }
    }
}
