package io.embedlake.remote.platform.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.auth.AwsSignature;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.answer.ListedVectors;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.image.ImageRules;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ImageModels;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.remote.platform.Wire;
import io.embedlake.remote.platform.aws.AwsIdentity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Amazon Bedrock: one path for all models, and a body for each vendor. Calls are signed with the keys of AWS that its own tools would use,
 * unless there is a key of Bedrock. Stateless.
 */
public final class BedrockPlatform extends ProviderPlatform {
    private static final String PATH = "/model/{model}/invoke";

    /** The kind of error is in a header. Words of the validation of bodies name the place of the text. */
    private static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words(
                    "UnrecognizedClient|AccessDenied|ExpiredToken|InvalidSignature|IncompleteSignature",
                    Cause.AUTHORISATION),
            Rule.words("ServiceQuotaExceeded|per day", Cause.QUOTA),
            Rule.words("ModelNotReady", Cause.LOADING),
            Rule.words("ThrottlingException", Cause.RATE),
            Rule.words("model identifier is invalid|ResourceNotFound", Cause.NOT_FOUND),
            Rule.tooMuch("#/texts: expected maximum item count: (?<cap>\\d+)", Budgets.Part.TEXTS),
            Rule.tooMuch("#/texts/(?<text>\\d+): expected maxLength", Budgets.Part.TEXT_TOKENS),
            Rule.tooMuch("#/inputText: expected maxLength", Budgets.Part.TEXT_TOKENS),
            Rule.tooMuch("too many input tokens(?:\\. max input tokens: (?<cap>\\d+))?", Budgets.Part.TEXT_TOKENS),
            Rule.words("#/(texts/(?<text>\\d+)|inputText): expected minLength", Cause.BAD_TEXT),
            Rule.words("#(/[a-z_]+)*: (extraneous key|required key|.* is not a valid enum)", Cause.BAD_OPTION));

    /** Cohere's models, which refuse long texts here by default. */
    private static final Wire COHERE = Wire.post(
                    PATH,
                    """
                    {"input_type": "{input-type}", "truncate": "{long-text}", "output_dimension": "{dimensions}", "texts": "{texts}"}""",
                    ListedVectors.class)
            .with(
                    CoherePlatform.inputType(),
                    CoherePlatform.longText().usually("truncate").except("NONE"),
                    Parameter.dimensions().unless(model -> model.contains("-v3"), "%s has one length only"))
            .faults(FAULTS)
            .budgets(options -> new Budgets(96, options.model().contains("-v3") ? 512 : 128_000, 128_000, 8 << 20));

    /** Amazon's Nova: one text a call, and nothing of the request left to a default. */
    private static final Wire NOVA = Wire.post(
                    PATH,
                    """
                    {"taskType": "SINGLE_EMBEDDING",
                     "singleEmbeddingParams": {"embeddingPurpose": "{input-type}", "embeddingDimension": "{dimensions}",
                                               "text": {"truncationMode": "{long-text}", "value": "{text}"}}}""",
                    NovaVectors.class)
            .with(
                    Parameter.inputType(Map.of(
                                    InputType.DOCUMENT, "GENERIC_INDEX",
                                    InputType.QUERY, "GENERIC_RETRIEVAL",
                                    InputType.SIMILARITY, "GENERIC_INDEX",
                                    InputType.CLASSIFICATION, "GENERIC_INDEX",
                                    InputType.CLUSTERING, "GENERIC_INDEX"))
                            .usually(InputType.DOCUMENT.toString())
                            .inFingerprint("purpose"),
                    Parameter.dimensions().usually("1024"),
                    CoherePlatform.longText().usually("truncate"))
            .faults(FAULTS)
            .budgets(1, 8192, 8192, 1 << 20);

    /** Amazon's Titan: one text a call. Version 1 has no options. */
    private static final Wire TITAN = Wire.post(
                    PATH,
                    """
                    {"inputText": "{text}", "dimensions": "{dimensions}", "normalize": "{normalize}"}""",
                    TitanVector.class)
            .with(
                    Parameter.wholeTexts(),
                    Parameter.dimensions(256, 512, 1024).unless(BedrockPlatform::isFirst, "%s has one length only"),
                    Parameter.flag("normalize").unless(BedrockPlatform::isFirst, "%s has no such option"))
            .faults(FAULTS)
            .budgets(1, 8192, 8192, 1 << 20);

    /** The most bytes of the body of a call, whichever the model. */
    private static final long BODY_BYTES = 25_000_000;

    /** Texts to the Titan that takes images too; its length of vectors is not left to a default. */
    private static final Wire TITAN_IMAGE_TEXTS =
            titanImage("inputText").with(Parameter.wholeTexts()).budgets(1, 256, 256, 1 << 20);

    private static final ImageModels TITAN_IMAGES = new ImageModels(
            BedrockPlatform::isTitanOfImages,
            "amazon.titan-embed-image-v1",
            titanImage("inputImage").oneACall(BODY_BYTES),
            ImageRules.of(ImageRules.Form.BASE64, "JPEG", "PNG")
                    .bytes(25_000_000)
                    .side(2048));

    private static final ImageModels COHERE_4 = new ImageModels(
            model -> model.contains("cohere.embed-v4"),
            "cohere.embed-v4:0",
            Wire.post(
                            PATH,
                            """
                            {"input_type": "{input-type}", "output_dimension": "{dimensions}", "images": "{texts}"}""",
                            ListedVectors.class)
                    .with(CoherePlatform.inputType(), Parameter.dimensions())
                    .faults(FAULTS)
                    .budgets(96, 128_000, 128_000, 20_000_000),
            ImageRules.of(ImageRules.Form.DATA_URI, "JPEG", "PNG", "GIF", "WebP")
                    .bytes(5_000_000)
                    .tokens(CoherePlatform::imageTokens));

    private static final ImageModels COHERE_3 = new ImageModels(
            model -> model.contains("cohere.") && model.contains("-v3"),
            "cohere.embed-english-v3 and cohere.embed-multilingual-v3",
            Wire.post(
                            PATH,
                            """
                            {"input_type": "image", "images": ["{text}"]}""",
                            ListedVectors.class)
                    .faults(FAULTS)
                    .oneACall(BODY_BYTES),
            ImageRules.of(ImageRules.Form.DATA_URI, "JPEG", "PNG").bytes(5_000_000));

    public BedrockPlatform() {
        super(Api.named("bedrock")
                .at(options -> "https://bedrock-runtime." + region(options) + ".amazonaws.com")
                .calls(TITAN, NOVA, COHERE, TITAN_IMAGE_TEXTS)
                .images(TITAN_IMAGES, COHERE_4, COHERE_3)
                .declares(VertexPlatform.LOCATION));
    }

    @Override
    protected Wire call(ApiOptions options) {
        String model = options.model();
        return model.contains("cohere.")
                ? COHERE
                : model.contains("nova") ? NOVA : isTitanOfImages(model) ? TITAN_IMAGE_TEXTS : TITAN;
    }

    private static Wire titanImage(String field) {
        return Wire.post(
                        PATH,
                        """
                        {"%s": "{text}", "embeddingConfig": {"outputEmbeddingLength": "{dimensions}"}}"""
                                .formatted(field),
                        TitanImageVector.class)
                .with(Parameter.dimensions(256, 384, 1024).usually("1024"))
                .faults(FAULTS);
    }

    private static boolean isTitanOfImages(String model) {
        return model.contains("titan-embed-image");
    }

    private static String region(ApiOptions options) {
        String region = options.required(VertexPlatform.LOCATION.name(), "eu-central-1");
        Options.require(
                VertexPlatform.LOCATION.name(), region, region.matches("[a-z0-9-]{4,30}"), "such as eu-central-1");
        return region;
    }

    private static boolean isFirst(String model) {
        return model.contains("titan-embed-text-v1");
    }

    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        return new AwsSignature(region(options), "bedrock", new AwsIdentity(), surroundings.clock());
    }

    record NovaVectors(List<Embedding> embeddings, JsonNode error) implements Success {
        record Embedding(float[] embedding) {}

        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(embeddings, texts, Embedding::embedding);
        }
    }

    /** A count of 0 tokens is that of an image, whose price is per image. */
    record TitanImageVector(float[] embedding, Long inputTextTokenCount, @JsonProperty("message") JsonNode error)
            implements Success {
        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(Collections.singletonList(embedding), texts, Function.identity());
        }

        @Override
        public OptionalLong charged(Reply reply) {
            return inputTextTokenCount == null || inputTextTokenCount == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(inputTextTokenCount);
        }
    }

    record TitanVector(float[] embedding, Long inputTextTokenCount) implements Success {
        @Override
        public List<float[]> vectors(int texts) {
            return Success.inOrder(Collections.singletonList(embedding), texts, Function.identity());
        }

        @Override
        public OptionalLong tokens() {
            return inputTextTokenCount == null ? OptionalLong.empty() : OptionalLong.of(inputTextTokenCount);
        }
    }
}
