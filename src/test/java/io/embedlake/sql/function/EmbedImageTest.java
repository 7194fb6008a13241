package io.embedlake.sql.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Input;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.sql.EmbedlakeCatalog;
import io.embedlake.testing.TinyImageModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images in calls of functions and in searches, as a user of SQL writes them. */
class EmbedImageTest {
    private static final double SAME = 1e-5;

    @TempDir
    private Path folder;

    private Lake lake;
    private SparkSession spark;

    @BeforeEach
    void open() {
        lake = new Lake(folder);
        spark = Lake.spark().newSession();
        spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
        spark.sql("SET embedlake.precision=fp32");
    }

    /** Rows {@code (name, image)} as the view {@code images}: files, an empty one, and none. */
    private void images(String... names) {
        String[] paths = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            paths[i] = TinyImageModels.file(names[i]).toString();
        }
        spark.read()
                .format("binaryFile")
                .load(paths)
                .selectExpr("substring_index(path, '/', -1) AS name", "content AS image")
                .unionAll(spark.sql("VALUES ('empty', X''), ('none', CAST(NULL AS BINARY))"))
                .createOrReplaceTempView("images");
    }

    /** A call in which <code>{vit}</code> and <code>{clip}</code> are models in this folder. */
    private String call(String text) {
        for (String checkpoint : List.of("vit", "clip")) {
            String name = "{" + checkpoint + "}";
            if (text.contains(name)) {
                Path made = folder.resolve(checkpoint);
                text = text.replace(
                        name, "'" + (Files.exists(made) ? made : TinyImageModels.make(folder, checkpoint)) + "'");
            }
        }
        return text;
    }

    private List<Row> rows(String query) {
        return spark.sql(call(query)).collectAsList();
    }

    private String failure(String query) {
        Throwable cause = assertThrows(Exception.class, () -> rows(query), query);
        while (!(cause instanceof EmbedlakeException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    private static String literal(String name) throws IOException {
        return "X'" + HexFormat.of().formatHex(Files.readAllBytes(TinyImageModels.file(name))) + "'";
    }

    private static void assertVector(float[] expected, List<Float> actual) {
        assertEquals(expected.length, actual.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual.get(i), SAME);
        }
    }

    private float[] expected(String name) throws IOException {
        Platform platform = Platforms.named("huggingface");
        Map<String, String> options = Map.of("precision", "fp32");
        EmbedderRequest request =
                new EmbedderRequest(Optional.of(folder.resolve("vit").toString()), options);
        try (Embedder embedder = platform.load(platform.describe(request), Device.CPU);
                EmbeddingSession session = embedder.open()) {
            Input image = Input.of(Files.readAllBytes(TinyImageModels.file(name)));
            return session.embed(List.of(session.encode(image))).get(0);
        }
    }

    @Test
    void everyImageGetsItsVectorInBatchesWhatIsNoImageGetsNone() throws IOException {
        images("rgb.png", "text.jpg", "exact.png");
        String query = "SELECT name, embedlake.embed_image(image, {vit}) AS vector FROM images ORDER BY name";
        assertTrue(
                spark.sql(call("EXPLAIN " + query))
                        .collectAsList()
                        .get(0)
                        .getString(0)
                        .contains("EmbedBatch"),
                query);
        List<Row> rows = rows(query);
        assertEquals(
                List.of("empty", "exact.png", "none", "rgb.png", "text.jpg"),
                rows.stream().map(row -> row.getString(0)).toList());
        for (int none : List.of(0, 2, 4)) {
            assertNull(rows.get(none).get(1));
        }
        assertVector(expected("exact.png"), rows.get(1).getList(1));
        assertVector(expected("rgb.png"), rows.get(3).getList(1));
    }

    @Test
    void theResultSaysWhyAnImageHasNoVectorAndNothingOfItsContent() {
        images("rgb.png", "text.jpg", "bomb.png", "cut.jpg");
        List<Row> rows = rows("SELECT name, r.vector, r.tokens, r.error, r IS NULL AS nothing FROM"
                + " (SELECT name, embedlake.embed_result(image, {vit}) AS r FROM images) ORDER BY name");
        for (Row row : rows) {
            String error = row.getString(3);
            switch (row.getString(0)) {
                case "rgb.png" -> {
                    assertNull(error);
                    assertEquals(17, row.getInt(2), "the class token and 16 patches");
                }
                case "none" -> assertTrue(row.getBoolean(4));
                default -> {
                    assertNull(row.get(1));
                    assertFalse(error.isBlank());
                    assertTrue(error.chars().allMatch(c -> c >= ' ' && c < 127), error);
                }
            }
        }
        assertEquals(6, rows.size());
    }

    @Test
    void constantsAndFunctionsOfArraysEmbedImagesToo() throws IOException {
        images("rgb.png");
        Row row = rows("SELECT embedlake.embed_image(" + literal("rgb.png") + ", {vit}) AS constant,"
                        + " transform(array(image), one -> embedlake.embed_image(one, {vit}))[0] AS single"
                        + " FROM images WHERE name = 'rgb.png'")
                .get(0);
        float[] expected = expected("rgb.png");
        assertVector(expected, row.getList(0));
        assertVector(expected, row.getList(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embed_image(image) | Cannot embed images with the model",
                "embed_image(image, map('platform', 'hashing')) | hashing",
                "embed_image('a.png', {vit}) | Cannot call embed_image: its argument image is of type STRING",
                "embed_image() | it is called with 0 arguments",
                "embed('a red bicycle', {vit}) | Cannot call embed with a text:",
                "embed('a red bicycle', {vit}) | takes images (an image is BINARY, a text STRING)",
                "embed_result('a red bicycle', {vit}) | Give it an image, or name another model.",
                "embed_image(image, {vit}, map('max-tokens', '8')) | max-tokens is for texts",
                "embed_image(image, {vit}, map('images.max-pixles', '8')) | did you mean max-pixels"
            })
    void wrongCallsAreRefusedInASentence(String call, String part) {
        images("rgb.png");
        String message = failure("SELECT embedlake." + call + " FROM images");
        assertTrue(message.contains(part), message);
    }

    @Test
    void limitsAreOptionsOfACall() {
        images("rgb.png");
        Row row = rows("SELECT embedlake.embed_result(image, {vit}, map('images.max-pixels', '10')) AS r FROM images"
                        + " WHERE name = 'rgb.png'")
                .get(0);
        assertTrue(row.getStruct(0).getString(3).contains("pixels"), row.toString());
    }

    private String column(String model) {
        images("rgb.png", "exact.png", "alpha.png", "tall.png", "text.jpg");
        String table = "delta.`" + lake.path("pictures") + "`";
        spark.sql("CREATE TABLE " + table + " USING delta AS SELECT * FROM images WHERE image IS NOT NULL");
        rows("CALL embedlake.embed('" + table + "', 'vector', 'image', " + model
                + ", map('reduce.method', 'none', 'precision', 'fp32', 'errors.max-rate', '0.5'), id => 'name')");
        return table;
    }

    @Test
    void anImageFindsItself() throws IOException {
        String table = column("{vit}");
        List<Row> found =
                rows("CALL embedlake.search('" + table + "', 'vector', image => " + literal("exact.png") + ", k => 2)");
        assertEquals("exact.png", found.get(0).getAs("name"));
        assertEquals(2, found.size());
        assertTrue(failure("CALL embedlake.search('" + table + "', 'vector', 'a red bicycle')")
                .startsWith("Cannot search with a text: "));
        assertTrue(failure("CALL embedlake.search('" + table + "', 'vector', image => X'00')")
                .startsWith("Cannot "));
        String both = failure("CALL embedlake.search('" + table + "', 'vector', 'a red bicycle', image => X'00')");
        assertTrue(both.contains("it has a text as query and an image"), both);
    }

    @Test
    void aTextFindsImagesWhereTheModelHasTwoTowers() throws IOException {
        String table = column("{clip}");
        assertEquals(
                2,
                rows("CALL embedlake.search('" + table + "', 'vector', 'a red bicycle', k => 2)")
                        .size());
        assertEquals(
                "tall.png",
                rows("CALL embedlake.search('" + table + "', 'vector', image => " + literal("tall.png") + ", k => 1)")
                        .get(0)
                        .getAs("name"));
    }

    @Test
    void columnsOfTextsRefuseImages() {
        lake.items("the red bicycle", "a green pear");
        String table = "delta.`" + lake.path("items") + "`";
        rows("CALL embedlake.embed('" + table
                + "', 'vector', 'text', options => map('platform', 'hashing', 'reduce.method', 'none'))");
        String message = failure("CALL embedlake.search('" + table + "', 'vector', image => X'00')");
        assertTrue(message.startsWith("Cannot search with an image: "), message);
    }
}
