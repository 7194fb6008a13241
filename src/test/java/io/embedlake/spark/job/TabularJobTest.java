package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Vectors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TabularJobTest {
    private static final String COLUMNS = Lake.PLAIN.replace(
            "attribute: text, platform: hashing, dimensions: 64, reduce: {method: none}",
            "attribute: \"{age} {price} {colour}\", platform: autoencoder, dimensions: 2");

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void prepare() {
        lake = new Lake(folder);
    }

    /** Two kinds of rows: old, dear and red ones, and young, cheap and blue ones. */
    private void people() {
        lake.write(
                "items",
                Lake.spark()
                        .range(1, 201)
                        .selectExpr(
                                "id",
                                "CAST(IF(id % 2 = 0, 60, 20) + id % 11 AS INT) AS age",
                                "IF(id = 3, NULL, IF(id % 2 = 0, 99.5, 5.0) + id % 13 / 10.0) AS price",
                                "IF(id % 2 = 0, 'red', 'blue') AS colour",
                                "array(id % 13, id % 17, id % 2 * 10, 1) AS pixels"));
    }

    @Test
    void rowsOfNumbersAndCategoriesGetVectorsThatTellTheirKind() {
        people();
        JobSpec job = lake.job(COLUMNS);
        // Equal rows are embedded once.
        lake.run(job);
        assertEquals(200, lake.number("SELECT count(vector) FROM {items}"));
        Map<Object, List<Float>> vectors = lake.vectors();
        double alike = cosine(vectors, 10, 80);
        double unlike = cosine(vectors, 10, 81);
        assertTrue(alike > unlike + 0.5, alike + " " + unlike);
        lake.runs(job, 0, 0);
        lake.sql(
                "INSERT INTO {items} (id, age, price, colour) VALUES (1000, 62, 100.05, 'red'), (1001, NULL, NULL, NULL)");
        lake.runs(job, 1, 1);
        assertTrue(cosine(lake.vectors(), 10, 1000) > 0.8);
        assertEquals(1, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
    }

    @Tag("heavy")
    @ParameterizedTest
    @ValueSource(strings = {"autoencoder", "gan"})
    void aColumnOfArraysIsARow(String platform) {
        people();
        JobSpec job =
                lake.job(COLUMNS.replace("\"{age} {price} {colour}\"", "pixels").replace("autoencoder", platform));
        lake.run(job);
        assertEquals(200, lake.number("SELECT count(vector) FROM {items}"));
        assertEquals(2, lake.number("SELECT max(size(vector)) FROM {items}"));
    }

    @Test
    void refusesColumnsThatAreNoNumbersAndNoCategories() {
        people();
        lake.refuses(
                lake.job(COLUMNS.replace("{age} {price} {colour}", "{age} {pixels}")),
                ErrorKind.CONFIGURATION,
                "Cannot embed embeddings[0].attribute: pixels is of type ARRAY<",
                "a row is one array of numbers, or columns of numbers and categories");
        lake.refuses(
                lake.job(COLUMNS.replace("{price}", "{weight}")),
                ErrorKind.CONFIGURATION,
                "Cannot read embeddings[0].attribute: weight (the source has no such column)");
    }

    private static double cosine(Map<Object, List<Float>> vectors, long a, long b) {
        return Vectors.cosine(floats(vectors.get(a)), floats(vectors.get(b)));
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
