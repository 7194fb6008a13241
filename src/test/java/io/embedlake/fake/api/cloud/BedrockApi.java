package io.embedlake.fake.api.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.api.Api;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Demand;
import io.embedlake.fake.service.Encoding;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Throttled;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amazon Bedrock's runtime: Titan, Cohere and Nova. Its keys are {@code id:secret} of AWS, whose signatures are checked, or bearers'.
 * Thread-safe.
 */
public final class BedrockApi extends Api {
    private static final Pattern INVOKE = Pattern.compile("/model/([^/]+)/invoke");
    private static final int COHERE_TEXTS = 96;
    private static final int COHERE_CHARACTERS = 2048;
    private static final int COHERE_TOKENS = 512;
    private static final int TITAN_TOKENS = 8192;
    private static final int TITAN_CHARACTERS = 50_000;
    private static final Set<Integer> TITAN_LENGTHS = Set.of(256, 512, 1024);
    private static final int TITAN_IMAGE_TOKENS = 256;
    private static final int TITAN_SIDE = 2048;
    private static final Set<Integer> TITAN_IMAGE_LENGTHS = Set.of(256, 384, 1024);
    private static final Set<Integer> NOVA_LENGTHS = Set.of(256, 384, 1024, 3072);
    private static final String NO_SUCH_MODEL = "The provided model identifier is invalid.";

    private final SigV4 signatures = new SigV4("bedrock");
    private final BedrockErrors errors = new BedrockErrors();

    public BedrockApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, key(request), errors);
        Matcher invoke = INVOKE.matcher(request.path());
        if (!invoke.matches() || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        JsonNode body = body(request, errors);
        String model = invoke.group(1).replaceFirst("^(us|eu|global)\\.", "");
        Response response =
                switch (model) {
                    case "amazon.titan-embed-text-v2:0" -> titan(request, body, 1024);
                    case "amazon.titan-embed-text-v1" -> titan(request, body, 1536);
                    case "amazon.titan-embed-image-v1" -> titanOfImages(request, body);
                    case "cohere.embed-v4:0" -> cohere(request, body);
                    case "cohere.embed-english-v3", "cohere.embed-multilingual-v3" -> cohere(request, body);
                    case "amazon.nova-2-multimodal-embeddings-v1:0" -> nova(request, body);
                    default -> throw new Refusal(BedrockErrors.invalid(NO_SUCH_MODEL));
                };
        return response.with("x-amzn-requestid", service().fresh("")).with("x-amzn-bedrock-invocation-latency", 50);
    }

    /** What signed the request, as the settings write it; an unknown or bad signature becomes a key that is not known. */
    private Optional<String> key(Request request) {
        Optional<String> id = signatures.keyId(request);
        if (id.isEmpty()) {
            return bearer(request);
        }
        Optional<String> known = service().settings().keys().stream()
                .filter(key -> key.startsWith(id.get() + ":"))
                .findFirst();
        if (known.isPresent()
                && !signatures.isSignedWith(
                        request, known.get().substring(id.get().length() + 1))) {
            throw new Refusal(BedrockErrors.error(
                    403,
                    "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided. Check your AWS"
                            + " Secret Access Key and signing method. Consult the service documentation for details."));
        }
        return known.or(() -> id);
    }

    private Response titan(Request request, JsonNode body, int own) {
        String text = body.path("inputText").asText();
        if (text.isEmpty()) {
            throw new Refusal(BedrockErrors.invalid(
                    "Malformed input request: expected minLength: 1, actual: 0, please reformat your input and try"
                            + " again."));
        }
        Inputs inputs = Inputs.of(List.of(text), service().tokens());
        if (text.length() > TITAN_CHARACTERS) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: expected maxLength: " + TITAN_CHARACTERS
                    + ", actual: " + text.length() + ", please reformat your input and try again."));
        }
        checkTokens(inputs, TITAN_TOKENS);
        int dimension = body.path("dimensions").asInt(service().dimension(own));
        if (body.has("dimensions") && (own != 1024 || !TITAN_LENGTHS.contains(dimension))) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: #/dimensions: " + dimension
                    + " is not a valid enum value, please reformat your input and try again."));
        }
        Shape shape = body.path("normalize").asBoolean(own == 1024) ? Shape.unit(dimension) : Shape.raw(dimension);
        ObjectNode answer = Json.object();
        items(request, inputs, shape).stream().findFirst().ifPresent(item -> {
            answer.set("embedding", item.values());
            if (own == 1024) {
                answer.putObject("embeddingsByType").set("float", item.values());
            }
        });
        answer.put("inputTextTokenCount", inputs.sum());
        return answered(answer, inputs);
    }

    private Response titanOfImages(Request request, JsonNode body) {
        boolean isImage = body.has("inputImage");
        if (isImage == body.has("inputText")) {
            throw new Refusal(BedrockErrors.invalid("This fake takes a text or an image."));
        }
        JsonNode length = body.path("embeddingConfig").path("outputEmbeddingLength");
        if (!length.isMissingNode() && !TITAN_IMAGE_LENGTHS.contains(length.asInt())) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: #/embeddingConfig/outputEmbeddingLength: "
                    + length + " is not a valid enum value, please reformat your input and try again."));
        }
        Inputs inputs = isImage
                ? new Inputs(
                        List.of(name(SentImage.ofBase64(body.path("inputImage").asText(), Set.of("jpeg", "png"))
                                .filter(BedrockApi::isSmall))),
                        List.of(0))
                : Inputs.of(List.of(body.path("inputText").asText()), service().tokens());
        checkTokens(inputs, TITAN_IMAGE_TOKENS);
        ObjectNode answer = Json.object();
        items(request, inputs, Shape.unit(length.asInt(service().dimension(1024)))).stream()
                .findFirst()
                .ifPresent(item -> answer.set("embedding", item.values()));
        answer.put("inputTextTokenCount", inputs.sum()).putNull("message");
        return answered(answer, inputs);
    }

    private static String name(Optional<SentImage> image) {
        return image.map(SentImage::name)
                .orElseThrow(() -> new Refusal(BedrockErrors.invalid(
                        "Failed to process image input: unsupported format, damaged or too large.")));
    }

    private static boolean isSmall(SentImage image) {
        return Math.max(image.header().width(), image.header().height()) <= TITAN_SIDE;
    }

    private Response cohereOfImages(Request request, JsonNode body) {
        boolean isThird = body.path("input_type").asText().equals("image");
        if (body.path("images").size() > (isThird ? 1 : COHERE_TEXTS)) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: #/images: expected maximum item count: "
                    + (isThird ? 1 : COHERE_TEXTS) + ", please reformat your input and try again."));
        }
        Set<String> formats = isThird ? Set.of("jpeg", "png") : Set.of("jpeg", "png", "gif", "webp");
        List<String> names = new ArrayList<>();
        body.path("images").forEach(uri -> names.add(name(SentImage.ofDataUri(uri.asText(), formats))));
        Inputs inputs = Inputs.of(names, name -> 1);
        ObjectNode answer = Json.object();
        ArrayNode vectors = answer.putObject("embeddings").putArray("float");
        items(
                        request,
                        inputs,
                        Shape.unit(body.path("output_dimension").asInt(service().dimension(1024))))
                .forEach(item -> vectors.add(item.values()));
        return answered(answer.put("response_type", "embeddings_by_type"), inputs);
    }

    private Response cohere(Request request, JsonNode body) {
        if (body.has("images")) {
            return cohereOfImages(request, body);
        }
        Inputs inputs = Inputs.ofTexts(body.path("texts"), service().tokens())
                .filter(some -> !some.texts().isEmpty() && some.empty().isEmpty())
                .orElseThrow(() -> new Refusal(BedrockErrors.invalid("Malformed input request: #: required key [texts]"
                        + " not found, please reformat your input and try again.")));
        long texts = service().cap(Cap.TEXTS, COHERE_TEXTS);
        if (inputs.texts().size() > texts) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: #/texts: expected maximum item count: "
                    + texts + ", found: " + inputs.texts().size() + ", please reformat your input and try again."));
        }
        for (int i = 0; i < inputs.texts().size(); i++) {
            int length = inputs.texts().get(i).length();
            if (length > COHERE_CHARACTERS) {
                throw new Refusal(BedrockErrors.invalid("Malformed input request: #/texts/" + i
                        + ": expected maxLength: " + COHERE_CHARACTERS + ", actual: " + length
                        + ", please reformat your input and try again."));
            }
        }
        if (!body.path("input_type").isTextual()) {
            throw new Refusal(BedrockErrors.invalid("Malformed input request: #: required key [input_type] not found,"
                    + " please reformat your input and try again."));
        }
        // Here, unlike at Cohere itself, nothing is cut unless it is asked for.
        if (body.path("truncate").asText("NONE").equals("NONE")) {
            checkTokens(inputs, COHERE_TOKENS);
        }
        ObjectNode answer = Json.object();
        ArrayNode vectors = answer.putArray("embeddings");
        items(request, inputs, Shape.unit(service().dimension(1024))).forEach(item -> vectors.add(item.values()));
        answer.put("id", service().fresh("")).put("response_type", "embeddings_floats");
        ArrayNode echo = answer.putArray("texts");
        inputs.texts().forEach(text -> echo.add(text.toLowerCase(Locale.ROOT)));
        return answered(answer, inputs);
    }

    private Response nova(Request request, JsonNode body) {
        JsonNode parameters = body.path("singleEmbeddingParams");
        String text = parameters.path("text").path("value").asText();
        if (!body.path("taskType").asText().equals("SINGLE_EMBEDDING") || text.isEmpty()) {
            throw new Refusal(
                    BedrockErrors.invalid("Malformed input request, please reformat your input and try again."));
        }
        int dimension = parameters.path("embeddingDimension").asInt(service().dimension(3072));
        if (parameters.has("embeddingDimension") && !NOVA_LENGTHS.contains(dimension)) {
            throw new Refusal(BedrockErrors.invalid("embeddingDimension must be one of 256, 384, 1024, 3072"));
        }
        Inputs inputs = Inputs.of(List.of(text), service().tokens());
        if (parameters.path("text").path("truncationMode").asText().equals("NONE")) {
            checkTokens(inputs, TITAN_TOKENS);
        }
        ObjectNode answer = Json.object();
        ArrayNode vectors = answer.putArray("embeddings");
        items(request, inputs, Shape.unit(dimension))
                .forEach(
                        item -> vectors.addObject().put("embeddingType", "TEXT").set("embedding", item.values()));
        return answered(answer, inputs);
    }

    private void checkTokens(Inputs inputs, int own) {
        long cap = service().cap(Cap.TEXT_TOKENS, own);
        if (inputs.longest() > cap) {
            throw new Refusal(BedrockErrors.invalid("400 Bad Request: Too many input tokens. Max input tokens: " + cap
                    + ", request input token count: " + inputs.longest()));
        }
    }

    private List<Item> items(Request request, Inputs inputs, Shape shape) {
        return service()
                .embed(
                        request,
                        new Work(inputs, Demand.call(inputs), shape, Encoding.FLOATS, Work.Order.POSITIONAL),
                        errors);
    }

    private static Response answered(ObjectNode answer, Inputs inputs) {
        return Response.json(200, answer).with("x-amzn-bedrock-input-token-count", inputs.sum());
    }

    /** Amazon's words. Immutable. */
    private record BedrockErrors() implements Errors {
        static Response error(int status, String type, String message) {
            return Response.json(status, Json.object().put("message", message))
                    .with("x-amzn-errortype", type + ":http://internal.amazon.com/coral/com.amazon.bedrock/");
        }

        static Response invalid(String message) {
            return error(400, "ValidationException", message);
        }

        @Override
        public Response noKey() {
            return error(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        @Override
        public Response wrongKey() {
            return error(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        @Override
        public Response expired() {
            return error(403, "ExpiredTokenException", "The security token included in the request is expired");
        }

        @Override
        public Response notFound(Request request) {
            return error(404, "UnknownOperationException", "Unknown operation");
        }

        @Override
        public Response unreadable() {
            return invalid("Malformed input request, please reformat your input and try again.");
        }

        @Override
        public Response throttled(Throttled why) {
            return error(429, "ThrottlingException", "Too many requests, please wait before trying again.");
        }

        @Override
        public Response quota() {
            return error(
                    400, "ServiceQuotaExceededException", "Too many tokens per day, please wait before trying again.");
        }

        @Override
        public Response loading() {
            return error(429, "ModelNotReadyException", "The model is not ready for inference. Try again.");
        }

        @Override
        public Response failure(int status) {
            return status == 503
                    ? error(503, "ServiceUnavailableException", "Bedrock is unable to process your request.")
                    : error(status, "InternalServerException", "The system encountered an unexpected error.");
        }
    }
}
