package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.local.weights.GitLfs;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A JSON file of a model's folder, with the errors for malformed content. A byte order mark is skipped. Immutable by convention.
 *
 * @param label the model's name in messages
 * @param file the file
 * @param json its object; empty when the file is not there
 */
record ModelJson(String label, Path file, ObjectNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a file that holds an object; a missing one is empty. */
    static ModelJson read(String label, Path file) {
        Optional<JsonNode> json = parse(label, file);
        if (json.isPresent() && !json.get().isObject()) {
            throw notJson(label, file, "it is not a JSON object");
        }
        return new ModelJson(label, file, json.map(ObjectNode.class::cast).orElseGet(JSON::createObjectNode));
    }

    /** Reads a file of a module, without which the copy of the model is not complete. */
    static ModelJson require(String label, Path file) {
        if (!Files.isRegularFile(file)) {
            throw refuse(label, file, "it is not there, though modules.json names its folder; the copy is incomplete");
        }
        return read(label, file);
    }

    /** The content of a file, when there is one. */
    static Optional<JsonNode> parse(String label, Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        GitLfs.requireContent(file);
        try {
            JsonNode json = JSON.readTree(file.toFile());
            if (json.isMissingNode()) {
                throw notJson(label, file, "it is empty");
            }
            return Optional.of(json);
        } catch (IOException e) {
            throw notJson(label, file, "it is not JSON");
        }
    }

    JsonNode path(String name) {
        return json.path(name);
    }

    /** A yes or no. */
    boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw refuse(name + " is " + value + ", neither true nor false");
        }
        return value.asBoolean();
    }

    /** Refuses other settings than these: they may change vectors. */
    void requireOnly(Collection<String> known) {
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw refuse("its setting " + name + " is not known, and known are " + new TreeSet<>(known));
            }
        });
    }

    /** Refuses a setting that is there, not null and none of these. */
    void requireOneOf(String name, String... values) {
        JsonNode value = json.path(name);
        if (!value.isMissingNode()
                && !value.isNull()
                && !List.of(values).contains(value.isTextual() ? value.asText() : value.toString())) {
            throw refuse(name + " is " + value + ", and supported is " + String.join(", ", values));
        }
    }

    /** The error for an unsupported setting. */
    EmbedlakeException refuse(String why) {
        return refuse(label, file, why);
    }

    static EmbedlakeException refuse(String label, Path file, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + label + ": " + file + " (" + why
                        + "). Get the model's files again, or change the key model.");
    }

    private static EmbedlakeException notJson(String label, Path file, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the model " + label + ": " + file + " (" + why
                        + "). Replace the file or change the key model.");
    }
}
