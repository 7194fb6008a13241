package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What sentence-transformers writes beside the network's description: {@code sentence_bert_config.json}, under all names that it has had.
 * Immutable by convention.
 *
 * @param maxTokens the length limit, if it gives one
 * @param lowerCase whether texts are brought to lower case before the tokenizer sees them
 * @param tokenizer the settings that replace those of {@code tokenizer_config.json}
 * @param output what becomes of the hidden states in the network itself
 */
record TransformerSettings(OptionalInt maxTokens, boolean lowerCase, ObjectNode tokenizer, Output output) {
    private static final List<String> FILES = List.of(
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_distilbert_config.json",
            "sentence_camembert_config.json",
            "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json",
            "sentence_xlnet_config.json");
    private static final Set<String> KEYS = Set.of(
            "max_seq_length",
            "do_lower_case",
            "model_args",
            "model_kwargs",
            "tokenizer_args",
            "processor_kwargs",
            "config_args",
            "config_kwargs",
            "transformer_task",
            "modality_config",
            "module_output_name",
            "processing_kwargs",
            "unpad_inputs",
            "query_length",
            "document_length",
            "query_expansion");

    /** Arguments that say how, not what, is computed; the precision is the job's choice. */
    private static final Set<String> HARMLESS = Set.of(
            "trust_remote_code",
            "torch_dtype",
            "dtype",
            "attn_implementation",
            "device_map",
            "low_cpu_mem_usage",
            "use_safetensors",
            "add_pooling_layer");

    /** What of a transformer's results is used. */
    enum Output {
        /** A vector for each token. */
        TOKENS(Optional.empty()),
        /** The vector of the network's pooler. */
        POOLER(Optional.of("pooler")),
        /** The vector that is compared with those of other kinds of data. */
        PROJECTION(Optional.of("projection"));

        private final Optional<String> pooling;

        Output(Optional<String> pooling) {
            this.pooling = pooling;
        }

        /** The pooling inside of the network. */
        Optional<String> pooling() {
            return pooling;
        }
    }

    /**
     * Reads the first of the files that is there and not empty.
     *
     * @param isClip whether the module is of the class for CLIP, whose texts have projected vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it asks for something that is not done
     */
    static TransformerSettings read(String label, Path transformer, boolean isClip) {
        ModelJson file = FILES.stream()
                .map(name -> ModelJson.read(label, transformer.resolve(name)))
                .filter(json -> !json.json().isEmpty())
                .findFirst()
                .orElseGet(() ->
                        new ModelJson(label, transformer.resolve(FILES.get(0)), JsonNodeFactory.instance.objectNode()));
        file.requireOnly(KEYS);
        file.requireOneOf("transformer_task", "feature-extraction");
        for (String none : List.of("query_length", "document_length", "query_expansion")) {
            file.requireOneOf(none, "null");
        }
        requireHarmless(file, "model_args", "model_kwargs");
        requireHarmless(file, "config_args", "config_kwargs");
        ObjectNode tokenizer = arguments(file, "tokenizer_args", "processor_kwargs");
        OptionalInt perCall = perCall(file);
        OptionalInt own = tokenizer.has(TokenizerFolder.MAX_LENGTH)
                ? FolderSettings.length(tokenizer.path(TokenizerFolder.MAX_LENGTH))
                : FolderSettings.length(file.path("max_seq_length"));
        return new TransformerSettings(
                perCall.isPresent() ? perCall : own,
                file.flag("do_lower_case", false),
                tokenizer,
                isClip ? Output.PROJECTION : output(file));
    }

    private static Output output(ModelJson file) {
        JsonNode modalities = file.path("modality_config");
        if (modalities.isMissingNode()) {
            return Output.TOKENS;
        }
        JsonNode text = modalities.path("text");
        JsonNode name = text.path("method_output_name");
        String result = text.path("method").asText() + " "
                + (name.isArray() && name.size() == 1 ? name.get(0) : name).asText() + " "
                + file.path("module_output_name").asText();
        return switch (result) {
            case "forward last_hidden_state token_embeddings" -> Output.TOKENS;
            case "forward pooler_output sentence_embedding" -> Output.POOLER;
            case "get_text_features pooler_output sentence_embedding", "get_text_features null sentence_embedding" ->
                Output.PROJECTION;
            default ->
                throw file.refuse("its modality_config takes " + text + " as " + file.path("module_output_name")
                        + ", and supported for text are forward's last_hidden_state as token_embeddings, and forward's or"
                        + " get_text_features' pooler_output as sentence_embedding");
        };
    }

    /** Arguments of every call of the tokenizer; only a length limit is supported. */
    private static OptionalInt perCall(ModelJson file) {
        JsonNode kwargs = file.path("processing_kwargs");
        for (String group : List.of("common", "text")) {
            kwargs.path(group).fieldNames().forEachRemaining(name -> {
                if (!name.equals("max_length")) {
                    throw file.refuse("processing_kwargs has " + name + " for " + group + ", which is not supported");
                }
            });
        }
        return FolderSettings.length(kwargs.path("text").path("max_length"));
    }

    private static void requireHarmless(ModelJson file, String oldName, String newName) {
        arguments(file, oldName, newName).fieldNames().forEachRemaining(name -> {
            if (!HARMLESS.contains(name)) {
                throw file.refuse(
                        (file.json().has(oldName) ? oldName : newName) + " has " + name + ", which is not supported");
            }
        });
    }

    private static ObjectNode arguments(ModelJson file, String oldName, String newName) {
        JsonNode arguments = file.json().has(oldName) ? file.path(oldName) : file.path(newName);
        if (arguments instanceof ObjectNode object) {
            return object;
        }
        if (!arguments.isMissingNode() && !arguments.isNull()) {
            throw file.refuse(oldName + " is " + arguments + ", not a group of settings");
        }
        return JsonNodeFactory.instance.objectNode();
    }
}
