package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiOfProvidersTest {
    private static final String KEY = "sk-of-the-tests";
    private static final int DIMENSION = 16;

    @TempDir
    Path folder;

    private Lake lake;
    private Embedlake embedlake;
    private SecretReference key;

    @BeforeEach
    void open() throws IOException {
        lake = new Lake(folder);
        embedlake = Embedlake.on(Lake.spark());
        key = SecretReference.parse("file:" + Files.writeString(folder.resolve("key"), KEY));
    }

    private static FakeProvider start() {
        return FakeProvider.start(
                io.embedlake.fake.settings.Settings.of(Provider.OPENAI)
                        .withKeys(KEY)
                        .withDimension(DIMENSION),
                new HashedVectors(DIMENSION));
    }

    private Model model(FakeProvider fake) {
        return Model.openai("text-embedding-3-small")
                .endpoint(fake.baseUrl().toString())
                .apiKey(key);
    }

    private JobBuilder job(String table, Model model) {
        return embedlake
                .job(table)
                .source("delta.`" + lake.path(table) + "`", "id")
                .column("vector", Attribute.of("text"), model, Reduction.none());
    }

    @Test
    void aDataSetIsEmbeddedByAProviderOrTheQuerySaysWhyNot() {
        Dataset<Row> texts = Lake.spark().range(1, 31).selectExpr("id", Lake.text("id") + " AS text");
        try (FakeProvider fake = start()) {
            assertEquals(
                    30,
                    embedlake
                            .embed(texts, "text", "vector", model(fake))
                            .where("size(vector) = 16")
                            .count());
            EmbedlakeException wrongKey = assertThrows(
                    EmbedlakeException.class,
                    () -> embedlake.embed(
                            texts, "text", "vector", model(fake).apiKey(SecretReference.parse("file:/nowhere"))));
            assertEquals(ErrorKind.CONFIGURATION, wrongKey.kind());
            Dataset<Row> dear = embedlake.embed(
                    texts,
                    "text",
                    "vector",
                    model(fake),
                    EmbedOptions.defaults().limits(Limits.none().maxTokens(40)));
            Exception stopped = assertThrows(
                    Exception.class, () -> dear.where("size(vector) = 16").collectAsList());
            assertEquals(
                    ErrorKind.EXHAUSTED,
                    Failures.cause(stopped, EmbedlakeException.class)
                            .orElseThrow()
                            .kind());
            assertTrue(stopped.getMessage().contains("limits.max-tokens"), stopped.getMessage());
        }
    }

    @Test
    void theTableOfAProvidersColumnIsSearchedWhereTheHostIsAllowed() {
        lake.manyItems(30);
        try (FakeProvider fake = start()) {
            job("items", model(fake)).build().run();
            VectorSearch search = embedlake
                    .search("delta.`" + lake.path("items") + "`", "vector")
                    .query("a text");
            String host = URI.create(fake.baseUrl().toString()).getHost();
            Lake.refused(ErrorKind.CONFIGURATION, search::rows, "would be sent to " + host);
            assertEquals(5, search.allowedHosts(host).k(5).rows().count());
        }
    }

    @Test
    void theBudgetOfAJobIsNoneOfAnothersBesideIt() throws InterruptedException {
        lake.manyItems(200);
        lake.write("others", Lake.spark().range(1, 201).selectExpr("id", Lake.text("id * 3") + " AS text"));
        try (FakeProvider fake = start()) {
            EmbedJob poor = job("items", model(fake))
                    .limits(Limits.none().maxTokens(400))
                    .build();
            EmbedJob rich = job("others", model(fake)).build();
            JobRun first = poor.start();
            JobRun second = rich.start();
            EmbedlakeException stopped = assertThrows(EmbedlakeException.class, first::await);
            assertEquals(ErrorKind.EXHAUSTED, stopped.kind());
            assertEquals(200, second.await().columns().get(0).embedded());
            long kept = lake.number("SELECT sum(tokens) FROM {items_embeddings}");
            assertTrue(kept <= 400, kept + " tokens of 400");
        }
    }
}
