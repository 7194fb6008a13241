package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.StreamEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each platform that is a provider's, against the provider that runs on this machine. */
class ApisTest {
    @TempDir
    private Path folder;

    private String key;

    @BeforeEach
    void prepare() throws IOException {
        key = "file:" + Files.writeString(folder.resolve("key"), "a-key");
    }

    private EmbedderRequest request(Apis api, FakeProvider fake) {
        Map<String, String> options = new HashMap<>(api.keys);
        options.put("endpoint", fake.baseUrl() + api.path());
        options.put("api-key", key);
        return new EmbedderRequest(Optional.of(api.model), options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tei", "ollama", "openai-compatible", "http"})
    void aLabelKeepsTheVectorsOfSelfHostedServersApart(String name) {
        Platform platform = Platforms.named(name);
        Map<String, String> options = new HashMap<>(Map.of("endpoint", "http://127.0.0.1:1"));
        if (name.equals("http")) {
            options.put("request", "{\"texts\": \"{texts}\"}");
            options.put("vectors", "v[*]");
        }
        List<EmbedderSpec> specs = new ArrayList<>();
        for (Optional<String> label : List.of(Optional.<String>empty(), Optional.of("one"), Optional.of("two"))) {
            label.ifPresent(server -> options.put("server-label", server));
            EmbedderRequest request = new EmbedderRequest(Optional.of("m"), options);
            specs.add(platform.describe(request));
            assertEquals(
                    specs.get(specs.size() - 1).fingerprint(),
                    platform.forQueries(request, specs.get(specs.size() - 1)).fingerprint());
        }
        assertEquals(3, specs.stream().map(EmbedderSpec::fingerprint).distinct().count());
        options.put("server-label", " ");
        assertMisconfigured(() -> platform.describe(new EmbedderRequest(Optional.of("m"), options)), "server-label");
    }

    @ParameterizedTest
    @EnumSource
    void vectorsComeInTheOrderOfTheirTexts(Apis api) {
        List<String> texts =
                IntStream.range(0, 70).mapToObj(i -> "text number " + i).toList();
        HashedVectors right = new HashedVectors(api.dimension);
        Platform platform = Platforms.named(api.platform);
        try (FakeProvider fake = FakeProvider.start(Settings.of(api.provider).withDimension(api.dimension), right)) {
            EmbedderSpec spec = platform.describe(request(api, fake));
            try (StreamEmbedder embedder = (StreamEmbedder) platform.load(spec, Device.CPU)) {
                assertEquals(api.dimension, embedder.dimension());
                try (OutcomeStream outcomes =
                        embedder.embed(texts.stream().map(Input::of).iterator())) {
                    for (String text : texts) {
                        float[] vector = ((Outcome.Embedded) outcomes.next()).vector();
                        assertArrayEquals(unit(right.apply(text)), unit(vector), 1e-4F, text);
                    }
                    assertFalse(outcomes.hasNext());
                    assertTrue(outcomes.stopped().isEmpty());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void fingerprintsHoldNeitherEndpointNorKey(Apis api) {
        Platform platform = Platforms.named(api.platform);
        try (FakeProvider fake = FakeProvider.start(Settings.of(api.provider), new HashedVectors(api.dimension))) {
            String canonical =
                    platform.describe(request(api, fake)).fingerprint().canonical();
            assertTrue(canonical.contains("api="), canonical);
            assertTrue(canonical.contains("model="), canonical);
            assertFalse(canonical.contains("127.0.0.1"), canonical);
            assertFalse(canonical.contains("key"), canonical);
        }
    }

    @Test
    void queriesOfDocumentsAreQueriesWithTheFingerprintOfTheColumn() {
        Platform platform = Platforms.named("cohere");
        EmbedderRequest request = new EmbedderRequest(Optional.of("embed-v4.0"), Map.of());
        EmbedderSpec column = platform.describe(request);
        EmbedderSpec query = platform.forQueries(request, column);
        assertEquals("query", query.setting("input-type"));
        assertEquals(column.fingerprint(), query.fingerprint());
    }

    @Test
    void optionsThatAnApiDoesNotHaveAreRefusedByName() {
        refused("mistral", Map.of("long-text", "truncate"), "long-text", "truncate");
        refused("openai", Map.of("long-text", "split-mean"), "long-text", "truncate or error");
        refused("vertex", Map.of(), "project");
        refused("azure-openai", Map.of("endpoint", "https://a.b", "api-version", "latest"), "api-version");
        refused("azure-openai", Map.of(), "endpoint");
        refused("openai", Map.of("endpoint", "https://user:password@host/"), "endpoint");
    }

    private static void refused(String platform, Map<String, String> options, String... parts) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> Platforms.named(platform)
                .describe(new EmbedderRequest(Optional.of("a-model"), options)));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        for (String part : parts) {
            assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        }
        assertFalse(refusal.getMessage().contains("password@"), refusal.getMessage());
    }

    private static float[] unit(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(square));
        }
        return unit;
    }

    private enum Apis {
        OPENAI(Provider.OPENAI, "openai", "text-embedding-3-small", 16, Map.of()),
        AZURE(Provider.AZURE, "azure-openai", "embed", 16, Map.of()),
        COHERE(Provider.COHERE, "cohere", "embed-v4.0", 256, Map.of("input-type", "document")),
        ROUTER(Provider.HUGGINGFACE, "huggingface-api", "BAAI/bge-small-en-v1.5", 16, Map.of()),
        TEI(Provider.TEI, "tei", "sentence-transformers/all-MiniLM-L6-v2", 16, Map.of()),
        VOYAGE(Provider.VOYAGE, "voyage", "voyage-3.5", 256, Map.of("input-type", "document")),
        GEMINI(Provider.GEMINI, "gemini", "gemini-embedding-001", 16, Map.of()),
        VERTEX(Provider.VERTEX, "vertex", "text-embedding-005", 16, Map.of("project", "p", "location", "europe-west4")),
        MISTRAL(Provider.MISTRAL, "mistral", "mistral-embed", 16, Map.of()),
        JINA(Provider.JINA, "jina", "jina-embeddings-v3", 16, Map.of()),
        BEDROCK(Provider.BEDROCK, "bedrock", "amazon.titan-embed-text-v2:0", 16, Map.of("location", "eu-central-1")),
        DATABRICKS(Provider.DATABRICKS, "databricks", "databricks-gte-large-en", 16, Map.of()),
        OLLAMA(Provider.OLLAMA, "ollama", "all-minilm", 16, Map.of()),
        VLLM(Provider.VLLM, "openai-compatible", "any", 16, Map.of()),
        LLAMACPP(Provider.LLAMACPP, "openai-compatible", "any", 16, Map.of()),
        FLOATS(Provider.OPENAI, "openai", "text-embedding-3-small", 16, Map.of("encoding", "float", "user", "a-team")),
        TEMPLATE(
                Provider.OPENAI,
                "http",
                "text-embedding-3-small",
                16,
                Map.of(
                        "request",
                        "{\"model\": \"{model}\", \"input\": \"{texts}\"}",
                        "vectors",
                        "data[*].embedding",
                        "indices",
                        "data[*].index",
                        "usage",
                        "usage.total_tokens",
                        "headers.X-Team",
                        "search")),
        TEMPLATE_OF_ONE(
                Provider.OLLAMA,
                "http",
                "all-minilm",
                16,
                Map.of("request", "{\"model\": \"{model}\", \"input\": \"{text}\"}", "vectors", "embeddings[*]"));

        private final Provider provider;
        private final String platform;
        private final String model;
        private final int dimension;
        private final Map<String, String> keys;

        Apis(Provider provider, String platform, String model, int dimension, Map<String, String> keys) {
            this.provider = provider;
            this.platform = platform;
            this.model = model;
            this.dimension = dimension;
            this.keys = keys;
        }

        /** What stands in the endpoint where nothing else says it. */
        private String path() {
            return !platform.equals("http") ? "" : provider == Provider.OLLAMA ? "/api/embed" : "/embeddings";
        }
    }
}
