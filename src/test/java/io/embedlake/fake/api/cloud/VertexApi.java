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
import io.embedlake.fake.service.Inputs;
import io.embedlake.fake.service.Item;
import io.embedlake.fake.service.SentImage;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.service.Shape;
import io.embedlake.fake.service.Work;
import io.embedlake.fake.settings.Cap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Google Vertex AI: predictions of its embedding models. Thread-safe. */
public final class VertexApi extends Api {
    private static final Pattern PREDICT =
            Pattern.compile("/v1(?:beta1)?/projects/[^/]+/locations/[^/]+/publishers/google/models/([^/:]+):predict");
    private static final int TEXTS = 250;
    private static final int TEXT_TOKENS = 2048;
    private static final long CALL_TOKENS = 20_000;
    private static final Map<String, Integer> MODELS =
            Map.of("gemini-embedding-001", 3072, "text-embedding-005", 768, "text-multilingual-embedding-002", 768);

    private static final Set<String> IMAGES = Set.of("jpeg", "png", "gif", "bmp");
    private static final int IMAGE_BYTES = 20_000_000;
    private static final Set<Integer> LENGTHS = Set.of(128, 256, 512, 1408);

    private final GoogleErrors errors = new GoogleErrors(GoogleErrors.KeyKind.OAUTH);

    public VertexApi(Service service) {
        super(service);
    }

    @Override
    protected Response serve(Request request) {
        service().admit(request, bearer(request), errors);
        Matcher predict = PREDICT.matcher(request.path());
        if (!predict.matches() || !request.method().equals("POST")) {
            return errors.notFound(request);
        }
        String name = predict.group(1);
        if (name.equals("multimodalembedding@001")) {
            return multimodal(request);
        }
        Integer dimension = MODELS.get(name);
        if (dimension == null) {
            throw new Refusal(GoogleErrors.notFound(
                    "Publisher Model `" + name + "` was not found or your project does not" + " have access to it."));
        }
        JsonNode body = body(request, errors);
        JsonNode parameters = body.path("parameters");
        Inputs whole = inputs(body, name.startsWith("gemini") ? 1 : TEXTS);
        int textTokens = (int) service().cap(Cap.TEXT_TOKENS, TEXT_TOKENS);
        if (!parameters.path("autoTruncate").asBoolean(true) && whole.longest() > textTokens) {
            throw new Refusal(GoogleErrors.invalid("Unable to submit request because the input token count is "
                    + whole.longest() + " but the model supports up to " + textTokens
                    + ". Reduce the input token count and try again."));
        }
        Inputs inputs = whole.cutTo(textTokens);
        long callTokens = service().cap(Cap.CALL_TOKENS, CALL_TOKENS);
        if (inputs.sum() > callTokens) {
            throw new Refusal(GoogleErrors.invalid("Unable to submit request because the input token count is "
                    + inputs.sum() + " but the model supports up to " + callTokens
                    + ". Reduce the input token count and try again."));
        }
        Shape shape = Shape.unit(
                parameters.path("outputDimensionality").asInt(service().dimension(dimension)));
        List<Item> items = service()
                .embed(
                        request,
                        new Work(inputs, Demand.call(inputs), shape, Encoding.FLOATS, Work.Order.POSITIONAL),
                        errors);
        return answer(items, whole, inputs);
    }

    private Response multimodal(Request request) {
        JsonNode body = body(request, errors);
        JsonNode instance = body.path("instances").path(0);
        JsonNode image = instance.path("image");
        boolean isImage = image.has("bytesBase64Encoded");
        if (body.path("instances").size() != 1 || isImage == instance.has("text")) {
            throw new Refusal(GoogleErrors.invalid("This fake takes one instance with a text or an image."));
        }
        String input = isImage
                ? SentImage.ofBase64(image.path("bytesBase64Encoded").asText(), IMAGES)
                        .filter(some -> some.bytes() <= IMAGE_BYTES)
                        .map(SentImage::name)
                        .orElseThrow(() -> new Refusal(GoogleErrors.invalid("Image decoding failed.")))
                : instance.path("text").asText();
        int dimension =
                body.path("parameters").path("dimension").asInt(service().dimension(1408));
        if (body.path("parameters").has("dimension") && !LENGTHS.contains(dimension)) {
            throw new Refusal(GoogleErrors.invalid("dimension must be one of 128, 256, 512, 1408."));
        }
        Inputs inputs = new Inputs(List.of(input), List.of(1));
        ObjectNode answer = Json.object();
        ArrayNode predictions = answer.putArray("predictions");
        service()
                .embed(
                        request,
                        new Work(
                                inputs,
                                Demand.call(inputs),
                                Shape.unit(dimension),
                                Encoding.FLOATS,
                                Work.Order.POSITIONAL),
                        errors)
                .forEach(item ->
                        predictions.addObject().set(isImage ? "imageEmbedding" : "textEmbedding", item.values()));
        return Response.json(200, answer);
    }

    private Inputs inputs(JsonNode body, int own) {
        ArrayNode texts = Json.array();
        body.path("instances").forEach(instance -> texts.add(instance.path("content")));
        Inputs inputs = Inputs.ofTexts(texts, service().tokens())
                .filter(some -> !some.texts().isEmpty())
                .orElseThrow(() -> new Refusal(GoogleErrors.invalid("Invalid instances: content is required.")));
        long cap = service().cap(Cap.TEXTS, own);
        if (inputs.texts().size() > cap) {
            throw new Refusal(GoogleErrors.invalid(inputs.texts().size()
                    + " instance(s) is not allowed for this model. At most " + cap + " instance(s) are allowed."));
        }
        inputs.empty().ifPresent(place -> {
            throw new Refusal(GoogleErrors.invalid("The text content is empty."));
        });
        return inputs;
    }

    private static Response answer(List<Item> items, Inputs whole, Inputs inputs) {
        ObjectNode answer = Json.object();
        ArrayNode predictions = answer.putArray("predictions");
        for (int i = 0; i < items.size(); i++) {
            // A damaged answer may have more vectors than there were texts.
            int place = Math.min(i, inputs.texts().size() - 1);
            ObjectNode embeddings = predictions.addObject().putObject("embeddings");
            embeddings
                    .putObject("statistics")
                    .put("token_count", inputs.tokens().get(place))
                    .put(
                            "truncated",
                            whole.tokens().get(place) > inputs.tokens().get(place));
            embeddings.set("values", items.get(i).values());
        }
        long characters = inputs.texts().stream()
                .flatMapToInt(String::codePoints)
                .filter(character -> !Character.isWhitespace(character))
                .count();
        answer.putObject("metadata").put("billableCharacterCount", characters);
        return Response.json(200, answer);
    }
}
