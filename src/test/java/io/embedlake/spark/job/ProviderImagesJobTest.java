package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.image.Pixels;
import io.embedlake.image.PngImage;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that sends the images of a table to a provider, which runs on this machine, and searches of its column. */
class ProviderImagesJobTest {
    private static final int DIMENSION = 16;
    private static final int ROWS = 8;
    private static final int BROKEN = 3;
    private static final int SIDE = 70;

    @TempDir
    private Path folder;

    private static byte[] image(int seed) {
        byte[] rgb = new byte[Pixels.CHANNELS * SIDE * SIDE];
        new Random(seed).nextBytes(rgb);
        return PngImage.of(new Pixels(SIDE, SIDE, rgb));
    }

    @Test
    void imagesAreEmbeddedAndFoundByTextsAndImages() throws IOException {
        Lake lake = new Lake(folder.resolve("lake"));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            byte[] file = i == BROKEN ? "<html>no image</html>".getBytes(StandardCharsets.UTF_8) : image(i);
            rows.add(RowFactory.create((long) i, file));
        }
        // The same image is sent once.
        rows.add(RowFactory.create((long) ROWS, image(0)));
        lake.write("items", Lake.spark().createDataFrame(rows, StructType.fromDDL("id BIGINT, picture BINARY")));
        Path key = Files.writeString(folder.resolve("key"), "a-key");
        HashedVectors vectors = new HashedVectors(DIMENSION);
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.VOYAGE).withDimension(DIMENSION), text -> vectors.apply(finds(text)))) {
            JobSpec job = lake.job(
                    """
                    job: pictures
                    source: {table: delta.`items`, id: id}
                    embeddings:
                      - column: vector
                        attribute: picture
                        platform: voyage
                        model: voyage-multimodal-3
                        endpoint: %s
                        api-key: file:%s
                        reduce: {method: none}
                    errors: {max-rate: 1}
                    """
                            .formatted(fake.baseUrl(), key));
            WorkPlan.ColumnPlan plan = lake.plan(job).columns().get(0);
            WorkPlan.TokenEstimate tokens = plan.tokens().orElseThrow();
            assertEquals((ROWS - 1) * (int) Math.ceil(SIDE * SIDE / 560.0), tokens.tokens());
            assertEquals(1, tokens.refused());

            RunRecord run = lake.run(job);

            assertEquals(ROWS - 1, Lake.only(run).embedded());
            Row rejected = lake.row("SELECT row_id, kind, reason FROM {items_embeddings_rejected}");
            assertEquals(
                    BROKEN + ",INVALID_INPUT,Cannot read the image: it is text, not an image.", rejected.mkString(","));
            assertEquals(0, fake.stats().statuses().getOrDefault(400, 0));
            assertEquals(lake.vectors().get(0L), lake.vectors().get((long) ROWS));

            assertEquals(5L, first(job, Input.of("the fifth picture")));
            assertEquals(6L, first(job, Input.of(image(6))));
            long sent = fake.stats().rowsBilled();
            lake.runs(job, 0, 0);
            assertEquals(sent, fake.stats().rowsBilled());
            assertFalse(run.toString().contains("html"));
            assertTrue(fake.stats().rowsBilledAgain() <= 2, "the probe and the image of a search alone");
        }
    }

    /** As a model of both would: the text has the vector of the image that it describes. */
    private static String finds(String text) {
        return text.equals("the fifth picture") ? SentImage.nameOf(image(5)) : text;
    }

    private static Object first(JobSpec job, Input query) {
        return new ColumnSearch(Lake.spark(), job)
                .nearest(query, 1, Optional.empty(), Optional.empty())
                .first()
                .getAs("id");
    }
}
