package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A folder's settings of its tokenizer, beside the tokenizer's own file. Immutable.
 *
 * @param json an object: {@code settings} has {@code tokenizer_config.json} with sentence-transformers' arguments in place of its own,
 *     {@code special} has {@code special_tokens_map.json}, {@code added} has {@code added_tokens.json}, and {@code model} the two names in
 *     the network's config that choose a tokenizer class
 * @param maxTokens the length limit of the tokenizer itself, if it has one
 */
public record TokenizerFolder(String json, OptionalInt maxTokens) {
    /** A folder without settings. */
    public static final TokenizerFolder NOTHING = new TokenizerFolder("{}", OptionalInt.empty());

    static final String MAX_LENGTH = "model_max_length";

    /** Reads the files beside a tokenizer. */
    static TokenizerFolder read(String label, Path folder, ObjectNode arguments, ModelJson network) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ModelJson settings = ModelJson.read(label, folder.resolve("tokenizer_config.json"));
        put(json, "settings", settings.json().deepCopy().setAll(arguments));
        put(
                json,
                "special",
                ModelJson.read(label, folder.resolve("special_tokens_map.json")).json());
        put(
                json,
                "added",
                ModelJson.read(label, folder.resolve("added_tokens.json")).json());
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        for (String name : new String[] {"model_type", "tokenizer_class"}) {
            if (network.path(name).isTextual()) {
                model.set(name, network.path(name));
            }
        }
        put(json, "model", model);
        return new TokenizerFolder(json.toString(), FolderSettings.length(settings.path(MAX_LENGTH)));
    }

    private static void put(ObjectNode json, String name, JsonNode value) {
        if (!value.isEmpty()) {
            json.set(name, value);
        }
    }
}
