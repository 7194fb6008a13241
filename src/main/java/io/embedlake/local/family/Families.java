package io.embedlake.local.family;

import io.embedlake.local.network.NetworkConfig;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The families of text networks that are built, by the {@code model_type} of their configs. Stateless. */
public final class Families {
    private static final Map<String, Function<NetworkConfig, TextNetwork>> BUILT = new TreeMap<>(Map.ofEntries(
            Map.entry("bert", Bert::new),
            Map.entry("roberta", Roberta::new),
            Map.entry("xlm-roberta", Roberta::new),
            Map.entry("camembert", Roberta::new),
            Map.entry("distilbert", DistilBert::new),
            Map.entry("mpnet", Mpnet::new),
            Map.entry("electra", Electra::new),
            Map.entry("albert", Albert::new),
            Map.entry("deberta-v2", DebertaV2::new),
            Map.entry("modernbert", ModernBert::new),
            Map.entry("nomic_bert", NomicBert::new),
            Map.entry("qwen3", Qwen3::new),
            Map.entry("gemma3_text", Gemma3::new),
            Map.entry("clip", config -> new ClipText(ClipText.Kind.CLIP, config, config.group("text_config"))),
            Map.entry("clip_text_model", config -> new ClipText(ClipText.Kind.CLIP, config, config)),
            Map.entry("siglip", config -> new ClipText(ClipText.Kind.SIGLIP, config, config.group("text_config"))),
            Map.entry("siglip_text_model", config -> new ClipText(ClipText.Kind.SIGLIP, config, config))));

    /** Families whose own code on the hub computes what their class here does. */
    private static final String WITH_KNOWN_CODE = "nomic_bert";

    private Families() {}

    /**
     * The network that a config describes.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is of another family, or has an option that is not built
     */
    public static TextNetwork of(NetworkConfig config) {
        String type = config.word("", "model_type");
        Function<NetworkConfig, TextNetwork> family = BUILT.get(type);
        if (family == null) {
            throw config.refuse("its model_type is " + (type.isEmpty() ? "not given" : type) + ", and supported are "
                    + String.join(", ", BUILT.keySet()));
        }
        if (config.group("auto_map").has("AutoModel") && !type.equals(WITH_KNOWN_CODE)) {
            throw config.refuse("it brings code of its own (auto_map), which is never run");
        }
        requireWhole(config);
        requireWhole(config.group("text_config"));
        return family.apply(config);
    }

    /** Refuses weights that stand for others, and heads that were taken out. */
    private static void requireWhole(NetworkConfig config) {
        for (String name : List.of("quantization_config", "compression_config")) {
            if (config.has(name)) {
                NetworkConfig method = config.group(name);
                throw config.refuse(name + " says that its weights are quantized"
                        + (method.has("quant_method") ? " by " + method.word("", "quant_method") : "")
                        + ", which is not supported; take the model's unquantized weights");
            }
        }
        for (String name : List.of("pruned_heads", "adapters")) {
            if (config.hasEntries(name)) {
                throw config.refuse(name + " is not supported");
            }
        }
    }
}
