package io.embedlake.local.family;

import io.embedlake.local.network.NetworkConfig;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The families of networks that are built, by the {@code model_type} of their configs. Stateless. */
public final class Families {
    private static final Map<String, Function<NetworkConfig, TextNetwork>> OF_TEXTS = new TreeMap<>(Map.ofEntries(
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

    private static final Map<String, Function<NetworkConfig, ImageNetwork>> OF_IMAGES = new TreeMap<>(Map.ofEntries(
            Map.entry("vit", config -> new Vit(config, 1)),
            Map.entry("deit", config -> new Vit(config, 2)),
            Map.entry("dinov2", config -> new Dinov2(config, 14, 0)),
            Map.entry(
                    "dinov2_with_registers", config -> new Dinov2(config, 16, config.number(4, "num_register_tokens"))),
            Map.entry("dinov3_vit", Dinov3::new),
            Map.entry("beit", Beit::new),
            Map.entry("data2vec-vision", Beit::new),
            Map.entry("clip", config -> new ClipVision(ClipText.Kind.CLIP, config, config.group("vision_config"))),
            Map.entry("clip_vision_model", config -> new ClipVision(ClipText.Kind.CLIP, config, config)),
            Map.entry("siglip", config -> new ClipVision(ClipText.Kind.SIGLIP, config, config.group("vision_config"))),
            Map.entry("siglip_vision_model", config -> new ClipVision(ClipText.Kind.SIGLIP, config, config))));

    /** Families that are near to built ones, and why they are not built. */
    private static final Map<String, String> REFUSED = Map.of(
            "siglip2", "which cuts images of any shape into patches (NaFlex); take a checkpoint of a fixed resolution",
            "siglip2_vision_model",
                    "which cuts images of any shape into patches (NaFlex); take a checkpoint of a fixed resolution");

    /** Families whose own code on the hub computes what their class here does. */
    private static final String WITH_KNOWN_CODE = "nomic_bert";

    private Families() {}

    /** The kinds of inputs that the model of a config takes, texts first; none when it is of no family that is built. */
    public static List<InputKind> inputs(NetworkConfig config) {
        String type = config.word("", "model_type");
        return List.of(InputKind.values()).stream()
                .filter(kind -> (kind == InputKind.TEXT ? OF_TEXTS : OF_IMAGES).containsKey(type))
                .toList();
    }

    /**
     * The network for texts that a config describes.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is of another family, or has an option that is not built
     */
    public static TextNetwork ofTexts(NetworkConfig config) {
        return built(config, OF_TEXTS, "text_config", "takes images and no texts");
    }

    /**
     * The network for images that a config describes.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is of another family, or has an option that is not built
     */
    public static ImageNetwork ofImages(NetworkConfig config) {
        return built(config, OF_IMAGES, "vision_config", "takes texts and no images");
    }

    private static <T> T built(
            NetworkConfig config, Map<String, Function<NetworkConfig, T>> families, String tower, String otherwise) {
        String type = type(config);
        if (!families.containsKey(type)) {
            throw config.refuse("its model_type is " + type + ", which " + otherwise);
        }
        if (config.group("auto_map").has("AutoModel") && !type.equals(WITH_KNOWN_CODE)) {
            throw config.refuse("it brings code of its own (auto_map), which is never run");
        }
        requireWhole(config);
        requireWhole(config.group(tower));
        return families.get(type).apply(config);
    }

    private static String type(NetworkConfig config) {
        String type = config.word("", "model_type");
        if (REFUSED.containsKey(type)) {
            throw config.refuse("its model_type is " + type + ", " + REFUSED.get(type));
        }
        if (!OF_TEXTS.containsKey(type) && !OF_IMAGES.containsKey(type)) {
            TreeSet<String> all = new TreeSet<>(OF_TEXTS.keySet());
            all.addAll(OF_IMAGES.keySet());
            throw config.refuse("its model_type is " + (type.isEmpty() ? "not given" : type) + ", and supported are "
                    + String.join(", ", all));
        }
        return type;
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
