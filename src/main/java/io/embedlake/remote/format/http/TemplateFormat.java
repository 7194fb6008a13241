package io.embedlake.remote.format.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.JsonFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Frame;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Any HTTP API, described by templates. In the template of the request the text <code>"{texts}"</code> becomes the list of texts; or
 * <code>"{text}"</code> becomes a text, and the element of a list around it is repeated for each. <code>"{model}"</code> becomes the model.
 * Stateless.
 */
public final class TemplateFormat {
    private static final String TEXTS = "{texts}";
    private static final String TEXT = "{text}";
    private static final String MODEL = "{model}";

    private TemplateFormat() {}

    /**
     * The shape. Immutable.
     *
     * @param model what the vectors come from, for the fingerprint
     * @param path what follows the base URL, with a slash in front, or an empty text
     * @param request the template, in JSON
     * @param vectors where the vectors stand in the reply, such as {@code data[*].embedding}
     * @param indices where their numbers stand, if they have some
     * @param tokens where the reply says what is charged, if it does
     * @param budgets what a call may hold
     */
    public record Settings(
            String model,
            String path,
            String request,
            String vectors,
            Optional<String> indices,
            Optional<String> tokens,
            Budgets budgets) {
        public Settings {
            Options.requireName("model", model);
            Options.require("path", path, path.isEmpty() || path.startsWith("/"), "begins with a slash");
        }
    }

    private record Item(float[] vector, int index) {}

    /** A reply, taken apart by paths. */
    private record Response(JsonNode root, JsonPath vectors, Optional<JsonPath> indices, Optional<JsonPath> tokenCount)
            implements Success {
        @Override
        public List<float[]> vectors(int texts) {
            List<float[]> found =
                    vectors.find(root).stream().map(Response::vector).toList();
            if (indices.isEmpty()) {
                return Success.inOrder(found, texts, vector -> vector);
            }
            List<JsonNode> numbers = indices.get().find(root);
            if (numbers.size() != found.size() || !numbers.stream().allMatch(JsonNode::isInt)) {
                throw new WrongAnswer("an index is missing");
            }
            List<Item> items = IntStream.range(0, found.size())
                    .mapToObj(i -> new Item(found.get(i), numbers.get(i).asInt()))
                    .toList();
            return Success.byIndex(items, texts, Item::vector, Item::index);
        }

        @Override
        public OptionalLong tokens() {
            return tokenCount.stream()
                    .flatMap(path -> path.find(root).stream())
                    .filter(JsonNode::isIntegralNumber)
                    .mapToLong(JsonNode::asLong)
                    .findFirst();
        }

        @Override
        public JsonNode error() {
            return root.path("error");
        }

        private static float[] vector(JsonNode node) {
            if (node.isMissingNode() || node.isNull()) {
                throw new WrongAnswer("a vector is missing");
            }
            return Json.vector(node);
        }
    }

    /** The format of a shape. */
    public static ModelFormat of(Settings settings) {
        JsonPath vectors = JsonPath.of("vectors", settings.vectors());
        Optional<JsonPath> indices = settings.indices().map(path -> JsonPath.of("indices", path));
        Optional<JsonPath> tokens = settings.tokens().map(path -> JsonPath.of("tokens", path));
        JsonNode template = template(settings.request());
        return new JsonFormat(
                settings.path(),
                frame(template, settings.model(), settings.budgets()),
                body -> response(body, vectors, indices, tokens),
                ErrorClassifier.with(),
                settings.budgets(),
                OptionalInt.empty(),
                Options.of("http", settings.model())
                        .with("request", Optional.of(template))
                        .with("vectors", Optional.of(settings.vectors()))
                        .map());
    }

    /** Whether calls of this template may hold several texts. */
    public static boolean holdsList(String request) {
        try {
            Frame.ofList(texts -> filled(template(request), "", texts));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode template(String request) {
        return Json.tree(request.getBytes(StandardCharsets.UTF_8));
    }

    private static Success response(
            byte[] body, JsonPath vectors, Optional<JsonPath> indices, Optional<JsonPath> tokens) {
        return new Response(Json.read(body, JsonNode.class), vectors, indices, tokens);
    }

    private static Frame frame(JsonNode template, String model, Budgets budgets) {
        try {
            return budgets.texts() > 1
                    ? Frame.ofList(texts -> filled(template, model, texts))
                    : Frame.ofOne(text -> filled(template, model, List.of(text)));
        } catch (IllegalArgumentException e) {
            Options.require(
                    "request",
                    template,
                    false,
                    "JSON that holds \"{texts}\" once, or \"{text}\" once in a list; without a list texts-per-call is 1");
            throw e;
        }
    }

    private static JsonNode filled(JsonNode node, String model, List<String> texts) {
        if (node.isTextual()) {
            return switch (node.asText()) {
                case TEXTS -> list(texts);
                case TEXT -> JsonNodeFactory.instance.textNode(texts.get(0));
                case MODEL -> JsonNodeFactory.instance.textNode(model);
                default -> node;
            };
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : node) {
                if (holdsText(element)) {
                    texts.forEach(text -> filled.add(filled(element, model, List.of(text))));
                } else {
                    filled.add(filled(element, model, texts));
                }
            }
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> filled.set(field.getKey(), filled(field.getValue(), model, texts)));
            return filled;
        }
        return node;
    }

    private static boolean holdsText(JsonNode node) {
        if (node.isTextual()) {
            return node.asText().equals(TEXT);
        }
        for (JsonNode child : node) {
            if (holdsText(child)) {
                return true;
            }
        }
        return false;
    }

    private static ArrayNode list(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
