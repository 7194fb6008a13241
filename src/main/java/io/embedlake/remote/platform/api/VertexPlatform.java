package io.embedlake.remote.platform.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.ExpiringToken;
import io.embedlake.remote.auth.GoogleAccess;
import io.embedlake.remote.auth.token.MetadataToken;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.image.ImageRules;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ImageModels;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.SignIn;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.remote.platform.Wire;
import io.embedlake.spi.PlatformOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Vertex AI: the key is a file of credentials, such as that of a service account, or an access token that something else renews; without
 * one, calls are signed with the application default credentials. Stateless.
 */
public final class VertexPlatform extends ProviderPlatform {
    private static final PlatformOption PROJECT = PlatformOption.text(
            "project", "a project", "vertex needs one", "The project of Google Cloud that pays.", "my-project");

    static final PlatformOption LOCATION = PlatformOption.text(
            "location",
            "lower case, digits, -",
            "[a-z0-9-]+",
            "vertex and bedrock need one",
            "The region that computes.",
            "europe-west4");

    private static final Parameter LOCATED = Parameter.required(LOCATION);

    private static final String FILE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

    private static final String PREDICT =
            "/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:predict";

    /** Texts to the model that takes images too: English, 32 tokens, longer ones are cut. */
    private static final Wire MULTIMODAL_TEXTS = multimodal("{\"text\": \"{text}\"}")
            .with(Parameter.longText(true, false)
                    .only(Boolean.TRUE::equals, "this model cuts long texts; so it must be truncate")
                    .notInFingerprint())
            .budgets(1, 32, 32, 1 << 20);

    private static final ImageModels MULTIMODAL = new ImageModels(
            VertexPlatform::isMultimodal,
            "multimodalembedding@001",
            multimodal("{\"image\": {\"bytesBase64Encoded\": \"{text}\"}}").oneACall(28_000_000),
            ImageRules.of(ImageRules.Form.BASE64, "JPEG", "PNG", "GIF", "BMP").bytes(20_000_000));

    public VertexPlatform() {
        super(Api.named("vertex")
                .at(VertexPlatform::endpointOf)
                .keyIn("GOOGLE_ACCESS_TOKEN")
                .calls(Wire.post(
                                PREDICT,
                                """
                                {"instances": [{"content": "{text}", "task_type": "{input-type}"}],
                                 "parameters": {"autoTruncate": "{long-text}", "outputDimensionality": "{dimensions}"}}""",
                                Response.class)
                        .with(
                                Parameter.required(PROJECT),
                                LOCATED,
                                Parameter.model(
                                        model -> !GeminiPlatform.isSecond(model),
                                        "it does not answer :predict; the Gemini API serves it"),
                                GeminiPlatform.taskType(),
                                Parameter.longText(true, false).except(true).inFingerprint("auto-truncate"),
                                Parameter.dimensions())
                        .faults(GeminiPlatform.FAULTS)
                        .budgets(options -> new Budgets(
                                options.model().equals("gemini-embedding-001") ? 1 : 250, 2048, 20_000, 8 << 20)))
                .images(MULTIMODAL));
    }

    private static Wire multimodal(String instance) {
        return Wire.post(
                        PREDICT,
                        """
                        {"instances": [%s], "parameters": {"dimension": "{dimensions}"}}"""
                                .formatted(instance),
                        MultimodalVectors.class)
                .with(Parameter.required(PROJECT), LOCATED, Parameter.dimensions(128, 256, 512, 1408))
                .faults(GeminiPlatform.FAULTS);
    }

    private static boolean isMultimodal(String model) {
        return model.startsWith("multimodalembedding");
    }

    @Override
    protected Wire call(ApiOptions options) {
        return isMultimodal(options.model()) ? MULTIMODAL_TEXTS : super.call(options);
    }

    private static String endpointOf(ApiOptions options) {
        String location = LOCATED.value().apply(options).orElseThrow().toString();
        return "https://" + (location.equals("global") ? "" : location + "-") + "aiplatform.googleapis.com";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return new GoogleAccess(
                key,
                file -> file.tokens(
                        path -> SignIn.read(Path.of(path), "credential_source"),
                        surroundings.http(),
                        surroundings.clock()),
                surroundings.clock());
    }

    @Override
    protected boolean hasIdentities(ApiOptions options) {
        return true;
    }

    /** As Google's own tools: a file that the environment names, the login of its command line, the metadata service. */
    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        Optional<Path> named = surroundings.variable(FILE_VARIABLE).map(Path::of);
        Path folder = surroundings
                .variable("CLOUDSDK_CONFIG")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config", "gcloud"));
        Optional<Path> login = Optional.of(folder.resolve("application_default_credentials.json"))
                .filter(Files::isRegularFile);
        return named.or(() -> login)
                .map(file -> credentials(options, () -> SignIn.read(file, FILE_VARIABLE), surroundings))
                .orElseGet(() -> new ExpiringToken(
                        MetadataToken.google(surroundings.environment(), surroundings.http(), surroundings.clock()),
                        surroundings.clock()));
    }

    record MultimodalVectors(List<Prediction> predictions, JsonNode error) implements Success {
        record Prediction(float[] textEmbedding, float[] imageEmbedding) {
            float[] vector() {
                return textEmbedding == null ? imageEmbedding : textEmbedding;
            }
        }

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(predictions, texts, Prediction::vector);
        }
    }

    record Response(List<Prediction> predictions, JsonNode error) implements Success {
        record Prediction(Embeddings embeddings) {}

        record Embeddings(Statistics statistics, float[] values) {}

        record Statistics(@JsonProperty("token_count") Long tokenCount, Boolean truncated) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(
                    predictions,
                    texts,
                    prediction -> prediction.embeddings() == null
                            ? null
                            : prediction.embeddings().values());
        }

        /** The sum, where every text has its count. */
        @Override
        public OptionalLong tokens() {
            long sum = 0;
            for (Prediction prediction : predictions) {
                Statistics statistics = prediction.embeddings().statistics();
                if (statistics == null || statistics.tokenCount() == null) {
                    return OptionalLong.empty();
                }
                sum += statistics.tokenCount();
            }
            return OptionalLong.of(sum);
        }

        @Override
        public Set<Integer> cut() {
            return IntStream.range(0, predictions.size())
                    .filter(place -> isCut(predictions.get(place).embeddings().statistics()))
                    .boxed()
                    .collect(Collectors.toSet());
        }

        private static boolean isCut(Statistics statistics) {
            return statistics != null && Boolean.TRUE.equals(statistics.truncated());
        }
    }
}
