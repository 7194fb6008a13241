package io.embedlake.remote.platform;

import static io.embedlake.remote.platform.LoadedModels.load;
import static io.embedlake.remote.platform.LoadedModels.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users get wrong, each with the sentence that says what to change. Whole jobs with a wrong key, model or address, and texts that
 * nobody expects, are in {@code ProviderJobTest}.
 */
class ProviderBadInputTest {
    private static final int DIMENSION = 16;

    @TempDir
    private Path folder;

    private LoadedModels models;

    @BeforeEach
    void writeKey() throws IOException {
        models = LoadedModels.withKeyIn(folder);
    }

    private Map<String, String> options(String endpoint, String... more) {
        return models.options(endpoint, more);
    }

    private static FakeProvider fake(Settings settings) {
        return FakeProvider.start(settings.withDimension(DIMENSION), new HashedVectors(DIMENSION));
    }

    static Stream<Arguments> keyed() {
        return Stream.of(
                Arguments.of(Provider.OPENAI, "openai", "text-embedding-3-small", "api-key"),
                Arguments.of(Provider.AZURE, "azure-openai", "embed", "api-key"),
                Arguments.of(Provider.COHERE, "cohere", "embed-v4.0", "api-key"),
                Arguments.of(Provider.HUGGINGFACE, "huggingface-api", "BAAI/bge-small-en-v1.5", "api-key"),
                Arguments.of(Provider.VOYAGE, "voyage", "voyage-3.5", "api-key"),
                Arguments.of(Provider.GEMINI, "gemini", "gemini-embedding-001", "api-key"),
                Arguments.of(Provider.VERTEX, "vertex", "text-embedding-005", "api-key"),
                Arguments.of(Provider.MISTRAL, "mistral", "mistral-embed", "api-key"),
                Arguments.of(Provider.JINA, "jina", "jina-embeddings-v3", "api-key"),
                Arguments.of(Provider.BEDROCK, "bedrock", "amazon.titan-embed-text-v2:0", "api-key"),
                Arguments.of(Provider.DATABRICKS, "databricks", "databricks-gte-large-en", "api-key"));
    }

    private Map<String, String> optionsOf(Provider provider, FakeProvider fake) {
        return switch (provider) {
            case VERTEX -> options(fake.baseUrl().toString(), "project", "p", "location", "europe-west4");
            case BEDROCK -> options(fake.baseUrl().toString(), "location", "eu-central-1");
            default -> options(fake.baseUrl().toString());
        };
    }

    @ParameterizedTest
    @MethodSource("keyed")
    void aWrongKey(Provider provider, String platform, String model, String named) {
        try (FakeProvider fake = fake(Settings.of(provider).withKeys("sk-right"))) {
            refuses(platform, model, optionsOf(provider, fake), "Cannot embed with " + model, named);
            assertEquals(1, fake.stats().requests(), "a key that is refused is not tried again");
        }
    }

    @ParameterizedTest
    @MethodSource("keyed")
    void aKeyThatExpiresWhileItIsUsed(Provider provider, String platform, String model, String named) {
        try (FakeProvider fake =
                        fake(Settings.of(provider).withKeys(LoadedModels.SECRET).withCallsPerKey(1));
                StreamEmbedder embedder = load(platform, model, optionsOf(provider, fake));
                OutcomeStream outcomes =
                        embedder.embed(List.of(Input.of("a text")).iterator())) {
            assertEquals(ErrorKind.EXHAUSTED, ((Outcome.Refused) outcomes.next()).kind());
            EmbedlakeException why = outcomes.stopped().orElseThrow();
            assertEquals(ErrorKind.CONFIGURATION, why.kind());
            assertTrue(why.getMessage().contains(named), why.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, openai, text-embedding-4",
        "COHERE, cohere, embed-v9",
        "VOYAGE, voyage, voyage-9",
        "GEMINI, gemini, gemini-embedding-9",
        "VERTEX, vertex, text-embedding-9",
        "MISTRAL, mistral, mistral-embed-9",
        "JINA, jina, jina-embeddings-v9",
        "BEDROCK, bedrock, amazon.titan-embed-text-v9:0"
    })
    void aModelThatNobodyKnows(Provider provider, String platform, String model) {
        try (FakeProvider fake = fake(Settings.of(provider))) {
            refuses(platform, model, optionsOf(provider, fake), "Cannot embed with " + model, "Change model");
        }
    }

    @Test
    void aDeploymentOrServingEndpointThatDoesNotExist() {
        try (FakeProvider azure = fake(Settings.of(Provider.AZURE).withModels("mine"));
                FakeProvider databricks = fake(Settings.of(Provider.DATABRICKS).withModels("mine"));
                FakeProvider ollama = fake(Settings.of(Provider.OLLAMA).withModels("mine"))) {
            refuses("azure-openai", "yours", options(azure.baseUrl().toString()), "DeploymentNotFound", "Change model");
            refuses("databricks", "yours", options(databricks.baseUrl().toString()), "Change model");
            refuses("ollama", "yours", options(ollama.baseUrl().toString()), "Change model");
        }
    }

    @Test
    void anApiVersionThatAzureDoesNotHave() throws IOException {
        try (SayingServer azure = SayingServer.start(
                404, "application/json", "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}")) {
            refuses(
                    "azure-openai",
                    "mine",
                    options(azure.address(), "api-version", "1999-01-01"),
                    "HTTP 404: Resource not found",
                    "api-version");
        }
    }

    @Test
    void aSignatureOfAnotherRegion() throws IOException {
        try (SayingServer bedrock = SayingServer.start(
                403,
                "application/json",
                "{\"__type\":\"InvalidSignatureException\",\"message\":\"Credential should be scoped to a valid region, not"
                        + " 'us-east-1'. \"}")) {
            refuses(
                    "bedrock",
                    "amazon.titan-embed-text-v2:0",
                    options(bedrock.address(), "location", "us-east-1"),
                    "another region",
                    "Change location");
        }
    }

    @Test
    void aClockThatIsWrong() throws IOException {
        try (SayingServer bedrock = SayingServer.start(
                403,
                "application/json",
                "{\"message\":\"Signature expired: 20261123T070000Z is now earlier than 20261123T080000Z (20261123T080500Z - 5"
                        + " min.)\",\"__type\":\"InvalidSignatureException\"}")) {
            refuses(
                    "bedrock",
                    "amazon.titan-embed-text-v2:0",
                    options(bedrock.address(), "location", "us-east-1"),
                    "Set this machine's clock");
        }
    }

    @Test
    void textsThatNobodyExpectsGoOverTheWireAsTheyAreAtEveryProvider() {
        List<String> texts = List.of(
                "<|endoftext|> is only text",
                "\"quoted\" \\ and\r\nnew\tlines",
                "\u0000 and \u001f",
                "\ud83d\ude42 whole");
        for (Provider provider :
                List.of(Provider.COHERE, Provider.VOYAGE, Provider.MISTRAL, Provider.OLLAMA, Provider.TEI)) {
            String platform = provider.name().toLowerCase(java.util.Locale.ROOT);
            String model =
                    switch (provider) {
                        case COHERE -> "embed-v4.0";
                        case VOYAGE -> "voyage-3.5";
                        case MISTRAL -> "mistral-embed";
                        case TEI -> "sentence-transformers/all-MiniLM-L6-v2";
                        default -> "any";
                    };
            HashedVectors right = new HashedVectors(256);
            try (FakeProvider fake = FakeProvider.start(Settings.of(provider).withDimension(256), right);
                    StreamEmbedder embedder =
                            load(platform, model, options(fake.baseUrl().toString()));
                    OutcomeStream outcomes =
                            embedder.embed(texts.stream().map(Input::of).iterator())) {
                for (String text : texts) {
                    float[] vector = ((Outcome.Embedded) outcomes.next()).vector();
                    float[] expected = right.apply(text);
                    double dot = IntStream.range(0, vector.length)
                            .mapToDouble(i -> vector[i] * expected[i])
                            .sum();
                    double lengths = Math.sqrt(IntStream.range(0, vector.length)
                                    .mapToDouble(i -> vector[i] * vector[i])
                                    .sum()
                            * IntStream.range(0, expected.length)
                                    .mapToDouble(i -> expected[i] * expected[i])
                                    .sum());
                    assertEquals(1, dot / lengths, 1e-4, platform);
                }
            }
        }
    }
}
