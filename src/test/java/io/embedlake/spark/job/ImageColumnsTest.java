package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Vectors;
import io.embedlake.sql.EmbedlakeCatalog;
import io.embedlake.testing.Refusals;
import io.embedlake.testing.TinyImageModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of images, from their sources to their vectors. */
class ImageColumnsTest {
    private static final double LOSSLESS = 0.9999;
    private static final double JPEG = 0.999;

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void makeLake() {
        lake = new Lake(folder);
    }

    private String job(String source, String attribute, Path model, String more) {
        return """
                job: pictures
                source: %s
                %s
                embeddings:
                  - {column: vector, attribute: %s, model: %s, precision: fp32, pooling: mean, reduce: {method: none}%s}
                errors: {max-rate: 1}
                """
                .formatted(
                        source,
                        source.contains("images") ? "target: {table: delta.`pictures`}" : "",
                        attribute,
                        model,
                        more);
    }

    private String inPlace(String more) {
        return job("{table: delta.`items`, id: id}", "picture", TinyImageModels.make(folder, "vit"), more);
    }

    private void items(String type, Object... pictures) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < pictures.length; i++) {
            rows.add(RowFactory.create((long) i, pictures[i]));
        }
        lake.write("items", Lake.spark().createDataFrame(rows, StructType.fromDDL("id BIGINT, picture " + type)));
    }

    private Map<String, String> rejected(String table) {
        Map<String, String> reasons = new TreeMap<>();
        lake.rows(table + "_embeddings_rejected")
                .collectAsList()
                .forEach(row -> reasons.put(row.getAs("row_id"), row.getAs("kind") + ": " + row.getAs("reason")));
        return reasons;
    }

    private static void requireSame(Map<String, float[]> expected, String file, List<Float> vector) {
        float[] made = new float[vector.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = vector.get(i);
        }
        double least = file.endsWith(".jpg") ? JPEG : LOSSLESS;
        double cosine = Vectors.cosine(expected.get(file), made);
        assertTrue(cosine >= least, file + ": " + cosine);
    }

    @Test
    void aFolderOfImagesBecomesATableOfVectorsAndReasons() throws IOException {
        Path photos = Files.createDirectories(folder.resolve("photos/below"));
        for (String file : ImageModels.vectors("vit", "mean").keySet()) {
            Files.write(photos.resolve(file), ImageModels.file(file));
        }
        List<String> broken = List.of("bomb.png", "cut-header.png", "cut.jpg", "cut.png", "empty.png", "text.jpg");
        for (String file : broken) {
            Files.write(photos.getParent().resolve(file), ImageModels.file(file));
        }
        Files.writeString(photos.resolve("notes.txt"), "no image");
        Path model = TinyImageModels.make(folder, "vit");
        JobSpec job = lake.job(job("{path: photos, format: images}", "path", model, ""));

        WorkPlan.ColumnPlan plan = lake.plan(job).columns().get(0);
        ColumnRecord column = Lake.only(lake.run(job));

        Map<String, float[]> expected = ImageModels.vectors("vit", "mean");
        assertEquals(InputKind.IMAGE, plan.inputs());
        assertEquals(expected.size() + broken.size(), plan.counts().withText());
        assertEquals(broken.size(), plan.tokens().orElseThrow().refused());
        assertEquals(broken.size(), column.rejected());
        assertEquals(List.of("path", "modificationTime", "length", "vector"), Lake.columns(lake.rows("pictures")));
        Map<String, List<Float>> vectors = new HashMap<>();
        for (Row row : lake.rows("pictures").select("path", "vector").collectAsList()) {
            String name = row.getString(0).substring(row.getString(0).lastIndexOf('/') + 1);
            vectors.put(name, row.isNullAt(1) ? null : row.getList(1));
        }
        assertEquals(expected.size() + broken.size(), vectors.size());
        expected.keySet().forEach(file -> requireSame(expected, file, vectors.get(file)));
        broken.forEach(file -> assertNull(vectors.get(file), file));
        Map<String, String> reasons = rejected("pictures");
        assertEquals(broken.size(), reasons.size());
        reasons.forEach((path, reason) -> assertTrue(reason.startsWith("INVALID_INPUT: "), reason));
        assertFalse(reasons.toString().contains("hello"));
        lake.runs(job, 0, 0);
    }

    @Test
    void imagesOfBytesStandBesideTheirVectors() {
        byte[] same = ImageModels.file("rgb.png");
        items(
                "BINARY",
                same,
                null,
                same,
                ImageModels.file("q90-420.jpg"),
                "<html>".getBytes(StandardCharsets.UTF_8),
                new byte[0]);
        JobSpec job = lake.job(inPlace(""));

        ColumnRecord column = Lake.only(lake.run(job));

        assertEquals(2, column.embedded());
        assertEquals(1, column.blank());
        assertEquals(2, column.rejected());
        Map<String, float[]> expected = ImageModels.vectors("vit", "mean");
        requireSame(expected, "rgb.png", lake.vectors().get(0L));
        assertEquals(lake.vectors().get(0L), lake.vectors().get(2L));
        requireSame(expected, "q90-420.jpg", lake.vectors().get(3L));
        assertNull(lake.vectors().get(1L));
        assertNull(lake.vectors().get(4L));
        assertEquals(List.of("4", "5"), List.copyOf(rejected("items").keySet()));
        lake.runs(job, 0, 0);
        Refusals.assertMisconfigured(
                () -> nearest(lake.job(inPlaceAgain()), Input.of("a text")), "Cannot search with a text");
    }

    /** In a session of its own: other tests may be running jobs on images in the shared one. */
    @Test
    void settingsOfTheSessionAreAsTheyWereWhenTheLastJobOnImagesHasEnded() {
        items("BINARY", ImageModels.file("rgb.png"));
        SparkSession session = Lake.spark().newSession();
        String batch = "spark.sql.parquet.columnarReaderBatchSize";
        String vectored = "parquet.hadoop.vectored.io.enabled";
        session.conf().set(batch, "77");
        SourceRows source = SourceRows.read(new Tables(session), lake.job(inPlace("")));

        try (SmallReads first = SmallReads.of(session, source)) {
            SmallReads second = SmallReads.of(session, source);
            second.close();
            assertEquals("32", session.conf().get(batch));
            assertEquals("false", session.conf().get(vectored));
        }

        assertEquals("77", session.conf().get(batch));
        assertTrue(session.conf().getOption(vectored).isEmpty());
    }

    private String inPlaceAgain() {
        return job("{table: delta.`items`, id: id}", "picture", folder.resolve("vit"), "");
    }

    private static List<Row> nearest(JobSpec job, Input query) {
        return new ColumnSearch(Lake.spark(), job)
                .nearest(query, 100, Optional.empty(), Optional.empty())
                .collectAsList();
    }

    @Test
    void pathsAreReadAndWhatCannotBeReadIsRejectedAlone() throws IOException {
        Path photos = Files.createDirectories(folder.resolve("photos"));
        Files.write(photos.resolve("a.png"), ImageModels.file("rgb.png"));
        Files.write(photos.resolve("b.png"), ImageModels.file("gray.png"));
        items(
                "STRING",
                "a.png",
                photos.resolve("b.png").toUri().toString(),
                " ",
                "missing.png",
                photos.toString(),
                "nosuch://bucket/c.png",
                photos.resolve("a.png").toString());
        String yaml = inPlace(", input: image, images: {base: photos, max-bytes: 100000}");

        ColumnRecord column = Lake.only(lake.run(yaml));

        assertEquals(2, column.embedded());
        Map<String, float[]> expected = ImageModels.vectors("vit", "mean");
        requireSame(expected, "rgb.png", lake.vectors().get(0L));
        requireSame(expected, "gray.png", lake.vectors().get(1L));
        assertEquals(lake.vectors().get(0L), lake.vectors().get(6L));
        Map<String, String> reasons = rejected("items");
        assertEquals("INVALID_INPUT: the image's file does not exist", reasons.get("3"));
        assertEquals("INVALID_INPUT: the image's path names a folder", reasons.get("4"));
        assertTrue(reasons.get("5").contains("no file system for the scheme"), reasons.get("5"));

        // Neither the table nor a path has changed, but two files.
        Files.write(photos.resolve("a.png"), ImageModels.file("wide.png"));
        Files.write(photos.resolve("missing.png"), ImageModels.file("tall.png"));
        ColumnRecord second = Lake.only(lake.run(lake.job(job(
                "{table: delta.`items`, id: id}",
                "picture",
                folder.resolve("vit"),
                ", input: image, images: {base: photos, max-bytes: 100000}"))));

        assertEquals(2, second.embedded());
        requireSame(expected, "wide.png", lake.vectors().get(0L));
        requireSame(expected, "tall.png", lake.vectors().get(3L));
    }

    @Test
    void base64AndPixelsAreImagesToo() {
        String encoded = Base64.getEncoder().encodeToString(ImageModels.file("rgb.png"));
        items("STRING", encoded, "data:image/png;base64," + encoded, null, "no image at all");

        ColumnRecord column = Lake.only(lake.run(inPlace(", images: {strings: base64}")));

        assertEquals(1, column.embedded());
        assertEquals(1, column.rejected());
        requireSame(
                ImageModels.vectors("vit", "mean"), "rgb.png", lake.vectors().get(0L));
        assertEquals(lake.vectors().get(0L), lake.vectors().get(1L));
    }

    @Test
    void sparksImageStructIsAnImage() {
        Dataset<Row> pictures = Lake.spark()
                .read()
                .format("image")
                .option("dropInvalid", "false")
                .option("pathGlobFilter", "{rgb,alpha,gray,cut}.png")
                .load(TinyImageModels.file("").toString());
        lake.write("items", pictures.selectExpr("monotonically_increasing_id() AS id", "image AS picture"));

        ColumnRecord column = Lake.only(lake.run(inPlace("")));

        assertEquals(4, column.embedded() + column.rejected());
        Map<String, float[]> expected = ImageModels.vectors("vit", "mean");
        for (Row row : lake.rows("items")
                .where("vector IS NOT NULL")
                .selectExpr("picture.origin", "vector")
                .collectAsList()) {
            String origin = row.getString(0);
            requireSame(expected, origin.substring(origin.lastIndexOf('/') + 1), row.getList(1));
        }
        assertEquals(3, column.embedded());
    }

    @Test
    void textsFindImagesInTheOrderOfTheReference() {
        Map<String, float[]> images = ImageModels.vectors("clip", "image_embeds");
        List<String> names = List.copyOf(images.keySet());
        items("BINARY", names.stream().map(ImageModels::file).toArray());
        String yaml =
                """
                job: pictures
                source: {table: delta.`items`, id: id}
                embeddings:
                  - {column: vector, attribute: picture, model: %s, precision: fp32, reduce: {method: none}}
                """
                        .formatted(TinyImageModels.make(folder, "clip"));
        JobSpec job = lake.job(yaml);
        lake.run(job);

        Map<String, float[]> texts = ImageModels.texts("clip");
        assertFalse(texts.isEmpty());
        texts.forEach((text, vector) -> {
            List<String> expected = names.stream()
                    .sorted(Comparator.comparingDouble(name -> -Vectors.cosine(vector, images.get(name))))
                    .toList();
            List<String> found = nearest(job, Input.of(text)).stream()
                    .map(row -> names.get((int) row.<Long>getAs("id").longValue()))
                    .toList();
            assertEquals(names.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                // Copies of one image stand in any order.
                assertEquals(
                        Vectors.cosine(vector, images.get(expected.get(i))),
                        Vectors.cosine(vector, images.get(found.get(i))),
                        1e-5,
                        text + ": " + found + " instead of " + expected);
            }
        });
        Row nearest = nearest(job, Input.of(ImageModels.file("wide.png"))).get(0);
        assertEquals((long) names.indexOf("wide.png"), nearest.<Long>getAs("id"));
    }

    @Test
    void queriesMakeTheVectorsOfTheColumnFromItsStore() {
        items("BINARY", ImageModels.files(7).toArray());
        lake.run(
                """
                job: pictures
                source: {table: delta.`items`, id: id}
                embeddings:
                  - {column: vector, attribute: picture, model: %s, precision: fp32, reduce: {dimensions: 3}}
                """
                        .formatted(TinyImageModels.make(folder, "clip")));
        SparkSession spark = Lake.spark().newSession();
        spark.sql("SET spark.sql.catalog.embedlake=" + EmbedlakeCatalog.class.getName());
        String options =
                "map('store', 'delta.`" + lake.path("items_embeddings") + "`', 'reducer', 'pca-3', 'column', 'vector')";

        List<Row> rows = spark.sql("SELECT vector, embedlake.embed_image(picture, " + options + ") FROM delta.`"
                        + lake.path("items") + "`")
                .collectAsList();

        assertEquals(7, rows.size());
        rows.forEach(row -> assertEquals(row.getList(0), row.getList(1)));
    }

    @Test
    void modelsAreNotGivenWhatTheyDoNotTake() {
        items("BINARY", ImageModels.file("rgb.png"));
        String texts = inPlace("").replace("pooling: mean, ", "").replaceAll("model: [^,]*, ", "");
        Refusals.assertMisconfigured(() -> lake.run(texts), "image");

        lake = new Lake(folder.resolve("other"));
        items("STRING", "a.png");
        Refusals.assertMisconfigured(() -> lake.run(inPlaceAgain()), "Set input to image");
    }
}
