package io.embedlake.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.image.PngImage;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out about a job before it runs. */
class JobChecksTest {
    @TempDir
    private Path folder;

    @Test
    void aModelOfImagesIsTriedWithAnImageWhereOnlyTheSourceSaysThatThereAreSome() throws IOException {
        Lake lake = new Lake(folder.resolve("lake"));
        lake.write(
                "items",
                Lake.spark()
                        .createDataFrame(
                                List.of(RowFactory.create(1L, PngImage.harmless())),
                                StructType.fromDDL("id BIGINT, picture BINARY")));
        Path key = Files.writeString(folder.resolve("key"), "a-key");
        Map<String, Finding> findings = new LinkedHashMap<>();
        String ofImages;
        try (FakeProvider fake =
                        FakeProvider.start(Settings.of(Provider.JINA).withDimension(16), new HashedVectors(16));
                SparkChecks spark = new SparkChecks(Map.of(), Map.of())) {
            JobSpec job = lake.job(
                    """
                    job: pictures
                    source: {table: delta.`items`, id: id}
                    embeddings:
                      - column: vector
                        attribute: picture
                        platform: jina
                        model: jina-clip-v2
                        endpoint: %s
                        api-key: file:%s
                        reduce: {method: none}
                    """
                            .formatted(fake.baseUrl(), key));
            EmbeddingSpec embedding = job.embeddings().get(0).ofImages();
            ofImages = Platforms.named("jina")
                    .describe(embedding.request())
                    .fingerprint()
                    .hash();
            Checks checks = new Checks();
            spark.addTo(checks);
            new JobChecks(job, spark).addTo(checks);
            checks.run(findings::put);
        }
        Finding model = findings.get("model of vector");
        assertEquals(Finding.Status.OK, model.status(), model.detail());
        assertEquals("jina-clip-v2 loads, 16 dimensions, fingerprint " + ofImages, model.detail());
    }
}
