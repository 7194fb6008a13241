package io.embedlake.spark.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index has is read from its files and from the table's, whatever has happened to them. */
class IndexReadingTest {
    private static final int ROWS = 400;
    private static final String INDEXED = Lake.PLAIN.replace("{method: none}}", "{method: none}, index: {lists: 24}}");
    private static final double RECALL = 0.6;

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    @Test
    void idsOfAllTypesAreRead() {
        write(
                "CAST(id AS INT) AS number",
                "CAST(id % 100 AS SMALLINT) AS small",
                "concat('k\u00e9y', id) AS name",
                "date_add(DATE'1969-12-01', CAST(id AS INT)) AS day",
                "timestamp_micros(id * 86399999999 - 10000000000000) AS moment",
                "CAST(id / 8 AS DECIMAL(20, 3)) AS price",
                "encode(concat('b', id), 'UTF-8') AS bytes");
        JobSpec job = lake.job(INDEXED.replace("id: id}", "id: [number, small, name, day, moment, price, bytes]}"));
        lake.run(job);
        for (int id : new int[] {3, 57, 399}) {
            List<Row> found = nearest(job, text(id), 1, Optional.empty());
            assertEquals(1, found.get(0).getDouble(0), 1e-6);
            assertEquals(id, found.get(0).<Integer>getAs("number"));
            assertEquals("k\u00e9y" + id, found.get(0).<String>getAs("name"));
        }
    }

    @Test
    void rowsThatWereMovedToOtherFilesAreFound() {
        write("id", "id % 3 AS third");
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        lake.sql("INSERT INTO {items} SELECT id + 1000, third, text, vector FROM {items} WHERE id < 3");
        assertNearest(job, 17);
        lake.run(job);
        lake.sql("OPTIMIZE {items}");
        assertNearest(job, 17);
        lake.run(job);
        assertNearest(job, 17);
    }

    @Test
    void filesOfPartitionsAreToldApart() {
        Lake.spark()
                .range(1, ROWS + 1)
                .selectExpr("id", "concat('p ', id % 7) AS part", Lake.text("id") + " AS text")
                .write()
                .format("delta")
                .partitionBy("part")
                .save(lake.path("items").toString());
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        assertNearest(job, 17);
        lake.sql("UPDATE {items} SET text = 'quite another thing' WHERE id = 5");
        assertNearest(job, 18);
    }

    @Test
    void codesProposeAndFullVectorsRank() {
        write("id");
        JobSpec job = lake.job(INDEXED.replace("{method: none}", "{dimensions: 8, quantize: int8, keep-full: true}"));
        lake.run(job);
        ColumnSearch search = new ColumnSearch(Lake.spark(), job);
        for (int id = 10; id < 14; id++) {
            ColumnSearch.Found indexed = search(search, text(id), 3, Optional.empty(), RECALL);
            assertTrue(indexed.how().startsWith("The index read "), indexed.how());
            assertEquals(1, indexed.rows().first().getDouble(0), 1e-6, "the similarity of the full vector");
            assertEquals(id, indexed.rows().first().<Long>getAs("id"));
        }
    }

    @Test
    void vectorsWithoutDirectionAreInNoCellAndHarmNoSearch() {
        write("id");
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        lake.sql("UPDATE {items} SET vector = transform(vector, x -> CAST('NaN' AS FLOAT)) WHERE id = 1");
        lake.sql("UPDATE {items} SET vector = transform(vector, x -> CAST(0 AS FLOAT)) WHERE id = 2");
        assertNearest(job, 17);
        lake.run(job);
        assertNearest(job, 17);
        assertTrue(nearest(job, text(17), 50, Optional.of("id < 30")).stream()
                .noneMatch(row -> Double.isNaN(row.getDouble(0))));
    }

    @Test
    void entriesOfARunThatWasKilledAreNotRead() {
        write("id");
        JobSpec job = lake.job(INDEXED);
        lake.run(job);
        String entries = entries();
        lake.sql("DELETE FROM {" + entries + "} WHERE id_0 = 17");
        lake.sql("INSERT INTO {" + entries + "} SELECT * FROM {" + entries + "} WHERE id_0 = 18");
        assertNearest(job, 17);
        assertEquals(
                List.of(18L),
                nearest(job, text(18), 1, Optional.empty()).stream()
                        .map(row -> row.<Long>getAs("id"))
                        .collect(Collectors.toList()));
    }

    private String entries() {
        try (Stream<Path> tables = Files.list(folder)) {
            return tables.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("items_embeddings_index_"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String... ids) {
        Lake.spark()
                .range(1, ROWS + 1)
                .selectExpr(Stream.concat(Stream.of(ids), Stream.of(Lake.text("id") + " AS text"))
                        .toArray(String[]::new))
                .repartition(12)
                .write()
                .format("delta")
                .save(lake.path("items").toString());
    }

    private static void assertNearest(JobSpec job, int id) {
        Row best = nearest(job, text(id), 3, Optional.empty()).get(0);
        assertEquals(1, best.getDouble(0), 1e-6);
        assertEquals(id, best.<Long>getAs("id"));
    }

    private static List<Row> nearest(JobSpec job, String query, int k, Optional<String> where) {
        return search(new ColumnSearch(Lake.spark(), job), query, k, where, RECALL)
                .rows()
                .collectAsList();
    }

    private static ColumnSearch.Found search(
            ColumnSearch search, String query, int k, Optional<String> where, double recall) {
        return search.nearest(Input.of(query), k, Optional.empty(), where, recall);
    }

    private static String text(int id) {
        return "word" + id + " stands near number" + id * 7 % 31;
    }
}
