package io.embedlake.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model's folder says of itself in the files that sentence-transformers and transformers write. Immutable.
 *
 * @param pooling the poolings that the folder names, such as {@code mean} or {@code cls and max}, if it names any
 * @param maxTokens the length limit when the folder names one
 * @param positions how many positions the network has, special tokens included, when the folder says so
 */
public record FolderSettings(Optional<String> pooling, OptionalInt maxTokens, OptionalInt positions) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POOLING_FLAG = "pooling_mode_";

    /** Families whose first positions are taken by the padding index. */
    private static final Set<String> OFFSET_FAMILIES = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

    private static final int OFFSET = 2;

    /** The steps of a sentence-transformers folder that an embedder takes. */
    private static final Set<String> MODULES = Set.of("Transformer", "Pooling", "Normalize");

    /**
     * Reads a folder; files that are not there say nothing.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a file is not JSON, or the model has a step that would
     *     be left out
     */
    static FolderSettings read(String label, Path directory) {
        refuseOtherModules(label, directory.resolve("modules.json"));
        JsonNode pooling = json(label, directory.resolve("1_Pooling").resolve("config.json"));
        JsonNode sentence = json(label, directory.resolve("sentence_bert_config.json"));
        JsonNode network = json(label, directory.resolve("config.json"));
        int positions = network.path("max_position_embeddings").asInt(0)
                - (OFFSET_FAMILIES.contains(network.path("model_type").asText()) ? OFFSET : 0);
        return new FolderSettings(
                pooling(pooling), positive(sentence.path("max_seq_length").asInt(0)), positive(positions));
    }

    private static Optional<String> pooling(JsonNode config) {
        List<String> modes = new ArrayList<>();
        config.properties().forEach(field -> {
            if (field.getKey().startsWith(POOLING_FLAG) && field.getValue().asBoolean()) {
                String mode = field.getKey().substring(POOLING_FLAG.length());
                modes.add(mode.replaceFirst("_tokens?$", ""));
            }
        });
        JsonNode mode = config.path("pooling_mode");
        if (mode.isTextual()) {
            modes.add(mode.asText());
        }
        mode.elements().forEachRemaining(element -> modes.add(element.asText()));
        return modes.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", modes));
    }

    private static void refuseOtherModules(String label, Path file) {
        for (JsonNode module : json(label, file)) {
            String type = module.path("type").asText();
            if (!MODULES.contains(type.substring(type.lastIndexOf('.') + 1))) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + label + ": " + file + " (it asks for " + type
                                + ", and only Transformer, Pooling and Normalize are supported). Change the key model.");
            }
        }
    }

    private static OptionalInt positive(int value) {
        return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private static JsonNode json(String label, Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the model " + label + ": " + file
                            + " (it is not JSON). Replace the file or change the key" + " model.",
                    e);
        }
    }
}
