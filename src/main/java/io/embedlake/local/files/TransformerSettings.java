package io.embedlake.local.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
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
     * @param isClip whether the module is of the class for CLIP, whose vectors are projected
     * @param input what is embedded with the model
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it asks for something that is not done
     */
    static TransformerSettings read(String label, Path transformer, boolean isClip, InputKind input) {
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
        if (input == InputKind.IMAGE && !tokenizer.isEmpty()) {
            throw file.refuse(
                    "it has settings of the image processor, and they are read from preprocessor_config.json");
        }
        OptionalInt perCall = perCall(file, input);
        OptionalInt own = tokenizer.has(TokenizerFolder.MAX_LENGTH)
                ? FolderSettings.length(tokenizer.path(TokenizerFolder.MAX_LENGTH))
                : FolderSettings.length(file.path("max_seq_length"));
        return new TransformerSettings(
                perCall.isPresent() ? perCall : own,
                file.flag("do_lower_case", false),
                tokenizer,
                isClip ? Output.PROJECTION : output(file, input));
    }

    private static Output output(ModelJson file, InputKind input) {
        JsonNode modalities = file.path("modality_config");
        if (modalities.isMissingNode()) {
            return Output.TOKENS;
        }
        JsonNode asked = modalities.path(input.toString());
        JsonNode name = asked.path("method_output_name");
        String result = asked.path("method").asText() + " "
                + (name.isArray() && name.size() == 1 ? name.get(0) : name).asText() + " "
                + file.path("module_output_name").asText();
        String features = "get_" + input + "_features ";
        if (result.equals("forward last_hidden_state token_embeddings")) {
            return Output.TOKENS;
        }
        if (result.equals("forward pooler_output sentence_embedding")) {
            return Output.POOLER;
        }
        if (Set.of(features + "pooler_output sentence_embedding", features + "null sentence_embedding")
                .contains(result)) {
            return Output.PROJECTION;
        }
        throw file.refuse("its modality_config takes " + asked + " as " + file.path("module_output_name")
                + ", and supported for " + input
                + " are forward's last_hidden_state as token_embeddings, and forward's or "
                + features.strip() + "' pooler_output as sentence_embedding");
    }

    /** Arguments of every call of the tokenizer or image processor; only a length limit is supported. */
    private static OptionalInt perCall(ModelJson file, InputKind input) {
        JsonNode kwargs = file.path("processing_kwargs");
        String own = input == InputKind.TEXT ? "text" : "images";
        for (String group : List.of("common", own)) {
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
