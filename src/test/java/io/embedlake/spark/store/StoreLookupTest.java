package io.embedlake.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedderSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks some texts up in a store that has many. */
class StoreLookupTest {
    private static final EmbedderSpec SPEC = StoredTexts.spec("m");

    @TempDir
    Path folder;

    private VectorStore store;

    @BeforeEach
    void makeStore() {
        Tables tables = new Tables(Lake.spark());
        TableRef table = new TableRef.FilePath(
                TableRef.Format.DELTA, folder.resolve("store").toString());
        store = new VectorStore(tables, table);
        store.create(List.of(SPEC));
    }

    @Test
    void findsTheAskedTextsThatHaveVectors() {
        append(SPEC, "run", 0, 300);
        append(StoredTexts.spec("other"), "run-of-other", 300, 310);
        assertEquals(hashes(7, 299), found(store.embeddedAmong(SPEC, asked(7, 299, 305, 999))));
    }

    @Test
    void findsTheAskedVectorsEachOnceAndOfTwinsTheOlder() {
        append(SPEC, "run-1", 0, 200);
        append(SPEC, "run-2", 100, 300);
        Map<String, List<Float>> vectors = new TreeMap<>();
        Dataset<Row> rows = store.reduced(SPEC, Reduction.of(new NoReduction()), asked(3, 150, 250, 999));
        for (Row row : rows.collectAsList()) {
            vectors.put(row.getString(0), row.getList(1));
        }
        assertEquals(3, rows.count());
        assertEquals(
                Map.of(
                        StoredTexts.hash(3), StoredTexts.vector(3, "run-1"),
                        StoredTexts.hash(150), StoredTexts.vector(150, "run-1"),
                        StoredTexts.hash(250), StoredTexts.vector(250, "run-2")),
                vectors);
    }

    @Test
    void findsNothingInAnEmptyStore() {
        assertEquals(List.of(), found(store.embeddedAmong(SPEC, asked(1))));
        assertEquals(List.of(), found(store.rejectedAmong(SPEC, asked(1))));
    }

    private void append(EmbedderSpec spec, String run, int from, int to) {
        store.append(StoredTexts.wave(run, from, to), spec, new RunId(run), 1);
    }

    private static Dataset<Row> asked(int... texts) {
        return Lake.spark()
                .createDataset(IntStream.of(texts).mapToObj(StoredTexts::hash).toList(), Encoders.STRING())
                .toDF("content_hash");
    }

    private static List<String> hashes(int... texts) {
        return IntStream.of(texts).mapToObj(StoredTexts::hash).sorted().toList();
    }

    private static List<String> found(Dataset<Row> rows) {
        return Stream.of((Row[]) rows.collect())
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }
}
