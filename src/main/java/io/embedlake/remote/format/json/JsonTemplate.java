package io.embedlake.remote.format.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as JSON with placeholders: the text <code>"{texts}"</code> becomes the list of texts; or <code>"{text}"</code> becomes a
 * text, and the element of a list around it is repeated for each. <code>"{name}"</code> becomes the value of that name. Filled once, to
 * cut a {@link Frame} out of it. Immutable.
 */
public final class JsonTemplate {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TEXTS = "{texts}";
    private static final String TEXT = "{text}";

    private final JsonNode root;

    private JsonTemplate(JsonNode root) {
        this.root = root;
    }

    /** The template of a text; one that is no JSON has no frame. */
    public static JsonTemplate of(String json) {
        return new JsonTemplate(Json.tree(json.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The frame of its requests.
     *
     * @param isList whether a request may hold several texts
     * @param values by name: texts, numbers and booleans; a field whose value is absent is left out, and a name that is not
     *     among them is no placeholder
     * @throws IllegalArgumentException when it does not hold the text, or the list of them, once
     */
    public Frame frame(boolean isList, Map<String, Optional<Object>> values) {
        return isList
                ? Frame.ofList(texts -> filled(root, values, texts))
                : Frame.ofOne(text -> filled(root, values, List.of(text)));
    }

    /** Whether its requests may hold several texts. */
    public boolean holdsList() {
        return holds(true);
    }

    /** Whether its requests may hold a single text. */
    public boolean holdsOne() {
        return holds(false);
    }

    private boolean holds(boolean isList) {
        try {
            return frame(isList, Map.of()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode filled(JsonNode node, Map<String, Optional<Object>> values, List<String> texts) {
        if (node.isTextual()) {
            return switch (node.asText()) {
                case TEXTS -> list(texts);
                case TEXT -> NODES.textNode(texts.get(0));
                default -> value(node, values).map(Json::node).orElse(node);
            };
        }
        if (node.isArray()) {
            ArrayNode filled = NODES.arrayNode();
            for (JsonNode element : node) {
                if (holdsText(element)) {
                    texts.forEach(text -> filled.add(filled(element, values, List.of(text))));
                } else {
                    filled.add(filled(element, values, texts));
                }
            }
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = NODES.objectNode();
            node.properties().stream()
                    .filter(field -> !isAbsent(field.getValue(), values))
                    .forEach(field -> filled.set(field.getKey(), filled(field.getValue(), values, texts)));
            return filled;
        }
        return node;
    }

    private static Optional<Object> value(JsonNode node, Map<String, Optional<Object>> values) {
        return values.getOrDefault(name(node), Optional.empty());
    }

    private static boolean isAbsent(JsonNode node, Map<String, Optional<Object>> values) {
        return values.containsKey(name(node)) && value(node, values).isEmpty();
    }

    private static String name(JsonNode node) {
        String text = node.isTextual() ? node.asText() : "";
        return text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : "";
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
        ArrayNode array = NODES.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    /** Its JSON, without white space. */
    @Override
    public String toString() {
        return root.toString();
    }
}
