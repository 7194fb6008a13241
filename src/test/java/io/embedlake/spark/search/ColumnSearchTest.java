package io.embedlake.spark.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.mutable.ArraySeq;

class ColumnSearchTest {
    private static final int SIZE = 13;

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    @Test
    void findsExactlyTheNearestRowsInOrder() {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            // Every vector comes twice, so that there are ties; some rows have none.
            float[] vector = i % 2 == 1 ? vector(rows.get(i - 1)) : random(random);
            rows.add(RowFactory.create(
                    String.format("k%03d", i), i, i % 50 == 49 ? null : new ArraySeq.ofFloat(vector)));
        }
        Dataset<Row> table = Lake.spark()
                .createDataFrame(rows, StructType.fromDDL("id STRING, n INT, vector ARRAY<FLOAT>"))
                .repartition(5);
        float[] query = random(random);
        for (int k : new int[] {1, 7, 1000}) {
            List<Row> found = Search.nearest(
                            table,
                            List.of("id"),
                            new Search.Scoring("vector", query, Optional.empty()),
                            k,
                            Optional.of("n <> 3"))
                    .collectAsList();
            List<String> expected = rows.stream()
                    .filter(row -> !row.isNullAt(2) && row.getInt(1) != 3)
                    .sorted(Comparator.comparingDouble((Row row) -> -cosine(query, vector(row)))
                            .thenComparing(row -> row.getString(0)))
                    .limit(k)
                    .map(row -> row.getString(0))
                    .collect(Collectors.toList());
            assertEquals(expected, found.stream().map(row -> row.getString(1)).collect(Collectors.toList()));
            assertTrue(found.get(0).getDouble(0) <= 1);
        }
    }

    @Test
    void embedsAndReducesTheQueryLikeTheColumn() {
        lake.manyItems(50);
        JobSpec job = lake.job(Lake.REDUCED);
        lake.run(job);
        String text = lake.row("SELECT text FROM {items} WHERE id = 17").getString(0);
        List<Row> found = new ColumnSearch(Lake.spark(), job)
                .nearest(Input.of(text), 3, Optional.empty(), Optional.empty())
                .collectAsList();
        assertEquals(3, found.size());
        assertEquals(1, found.get(0).getDouble(0), 1e-6);
        assertTrue(found.stream().anyMatch(row -> row.getLong(1) == 17 && row.getDouble(0) > 0.999999));
        assertEquals(
                List.of("score", "id", "text"), List.of(found.get(0).schema().fieldNames()));
    }

    @Tag("heavy")
    @Test
    void searchesVectorsThatWereTruncated() {
        lake.manyItems(50);
        JobSpec job = lake.job(Lake.PLAIN.replace("{method: none}", "{method: truncate, dimensions: 40}"));
        assertEquals("truncate-40 v1", Lake.only(lake.run(job)).reduction().name());
        List<Float> vector = lake.vectors().get(17L);
        assertEquals(40, vector.size());
        assertEquals(1, vector.stream().mapToDouble(value -> value * value).sum(), 1e-5);
        String text = lake.row("SELECT text FROM {items} WHERE id = 17").getString(0);
        Row first = new ColumnSearch(Lake.spark(), job)
                .nearest(Input.of(text), 1, Optional.empty(), Optional.empty())
                .first();
        assertEquals(1, first.getDouble(0), 1e-6);
        lake.runs(job, 0, 0);
        lake.refuses(
                lake.job(Lake.PLAIN.replace("{method: none}", "{method: truncate, dimensions: 32}")),
                ErrorKind.CONFIGURATION,
                "its vectors were made short with truncate-40 v1, and the job asks for truncate-32");
    }

    @Test
    void saysWhatIsWrongWithASearch() {
        lake.manyItems(50);
        JobSpec job = lake.job(Lake.PLAIN);
        ColumnSearch search = new ColumnSearch(Lake.spark(), job);
        refused(() -> search.nearest(Input.of("x"), 1, Optional.empty(), Optional.empty()), "Run the job first");
        lake.run(job);
        refused(() -> search.nearest(Input.of(" \u3000"), 1, Optional.empty(), Optional.empty()), "the query is blank");
        refused(() -> search.nearest(Input.of("x"), 0, Optional.empty(), Optional.empty()), "k is 0");
        refused(() -> search.nearest(Input.of("x"), 1, Optional.of("other"), Optional.empty()), "the column other");
        JobSpec changed = lake.job(Lake.PLAIN, "embeddings[0].dimensions=32");
        refused(
                () -> new ColumnSearch(Lake.spark(), changed)
                        .nearest(Input.of("x"), 1, Optional.empty(), Optional.empty()),
                "vectors of two fingerprints");
        refused(
                () -> search.nearest(Input.of("x"), 1, Optional.empty(), Optional.of("nonsense = 1")),
                "the condition nonsense = 1");
    }

    @Tag("heavy")
    @Test
    void findsRowsWhoseIdIsATime() {
        lake.sql("CREATE TABLE {items} USING delta AS SELECT timestamp_micros(id * 1000001) AS id, " + Lake.text("id")
                + " AS text FROM range(5)");
        JobSpec job = lake.job(Lake.PLAIN);
        lake.run(job);
        assertEquals(
                5,
                new ColumnSearch(Lake.spark(), job)
                        .nearest(Input.of("word2"), 9, Optional.empty(), Optional.empty())
                        .count());
    }

    @Tag("heavy")
    @Test
    void findsNothingInAColumnThatHasNeverHeldAVector() {
        lake.items();
        JobSpec job = lake.job(Lake.REDUCED);
        lake.run(job);
        assertEquals(
                0,
                new ColumnSearch(Lake.spark(), job)
                        .nearest(Input.of("x"), 3, Optional.empty(), Optional.empty())
                        .count());
    }

    private static void refused(org.junit.jupiter.api.function.Executable call, String part) {
        Lake.refused(ErrorKind.CONFIGURATION, call, part);
    }

    private static float[] random(Random random) {
        float[] vector = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static float[] vector(Row row) {
        if (row.isNullAt(2)) {
            return new float[SIZE];
        }
        List<Float> values = row.getList(2);
        float[] vector = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < SIZE; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / (Math.sqrt(aa) * Math.sqrt(bb));
    }
}
