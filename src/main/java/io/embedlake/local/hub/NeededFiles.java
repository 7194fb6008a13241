package io.embedlake.local.hub;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of a model's files embedding needs: its settings, its tokenizer and image processor, one kind of weights. Names in, names out; the
 * weights of the transformer come last, so that a folder that has them has everything. Stateless.
 */
final class NeededFiles {
    private static final Set<String> SETTINGS = Set.of(
            "config.json",
            "modules.json",
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_distilbert_config.json",
            "sentence_camembert_config.json",
            "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json",
            "sentence_xlnet_config.json",
            "config_sentence_transformers.json",
            "adapter_config.json");
    private static final Set<String> TOKENIZER = Set.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "added_tokens.json");
    private static final Set<String> PROCESSOR = Set.of("preprocessor_config.json", "processor_config.json");

    /** What is taken first is read without running anything in it and needs no conversion. */
    private static final List<String> WEIGHTS = List.of(
            "model.safetensors",
            "model.safetensors.index.json",
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "onnx/model.onnx",
            "model.onnx");

    private static final List<String> MODULE_WEIGHTS = List.of("model.safetensors", "pytorch_model.bin");
    private static final String INDEX = ".index.json";
    private static final Pattern MODULE = Pattern.compile("([0-9]{1,4})_[^/]+/");

    /** Of a name: no control characters, nothing that Windows reads as a separator or a drive. */
    private static final Pattern PART = Pattern.compile("[^/\\\\:\\x00-\\x1f]+");

    private NeededFiles() {}

    /** Refuses a name that leads anywhere else. */
    static String requireSafe(HubModel model, String name) {
        for (String part : name.split("/", -1)) {
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + model + ": the hub names a file " + name
                                + " (a name stays in the model's folder). Change the key model.");
            }
        }
        return name;
    }

    /** What there is of the needed files, without the shards that an index names; {@link #weights} tells whether it is enough. */
    static List<String> of(Collection<String> names) {
        Set<String> all = new TreeSet<>(names);
        Optional<String> weights = weights(all);
        String transformer = weights.map(NeededFiles::transformer).orElse("");
        Set<String> needed = new LinkedHashSet<>();
        for (String name : all) {
            String folder = name.substring(0, name.lastIndexOf('/') + 1);
            String file = name.substring(folder.length());
            boolean isSetting = folder.isEmpty() && SETTINGS.contains(file);
            boolean isOfTransformer = folder.equals(transformer) && SETTINGS.contains(file);
            boolean isTokenizer =
                    (folder.isEmpty() || isFirstModule(folder)) && (isTokenizer(file) || PROCESSOR.contains(file));
            boolean isModule = MODULE.matcher(folder).matches() && file.equals("config.json");
            if (isSetting || isOfTransformer || isTokenizer || isModule) {
                needed.add(name);
            }
        }
        needed.addAll(moduleWeights(all, transformer));
        weights.ifPresent(name -> {
            needed.add(name);
            Stream.of(name + "_data").filter(all::contains).forEach(needed::add);
        });
        return List.copyOf(needed);
    }

    /** The file with the transformer's weights, or with their index. */
    static Optional<String> weights(Collection<String> names) {
        Set<String> all = new TreeSet<>(names);
        Stream<String> folders =
                Stream.concat(Stream.of(""), folders(all).stream().filter(NeededFiles::isFirstModule));
        return folders.flatMap(folder -> WEIGHTS.stream().map(file -> folder + file))
                .filter(all::contains)
                .findFirst();
    }

    /** Whether some file tells how texts become tokens, or images numbers. */
    static boolean hasTokenizerOrProcessor(Collection<String> names) {
        return names.stream().anyMatch(name -> {
            String folder = name.substring(0, name.lastIndexOf('/') + 1);
            String file = name.substring(folder.length());
            return (folder.isEmpty() || isFirstModule(folder))
                    && (Set.of("tokenizer.json", "vocab.txt", "vocab.json").contains(file)
                            || file.endsWith(".model")
                            || PROCESSOR.contains(file));
        });
    }

    /** Whether this file only names those with the weights. */
    static boolean isIndex(String weights) {
        return weights.endsWith(INDEX);
    }

    /** The names in the model of the files that an index names: they lie beside it. */
    static List<String> shards(String index, Collection<String> named) {
        String folder = index.substring(0, index.lastIndexOf('/') + 1);
        return new TreeSet<>(named).stream().map(name -> folder + name).toList();
    }

    private static List<String> moduleWeights(Set<String> all, String transformer) {
        List<String> weights = new ArrayList<>();
        for (String folder : folders(all)) {
            if (!isFirstModule(folder) && !folder.equals(transformer)) {
                MODULE_WEIGHTS.stream()
                        .map(file -> folder + file)
                        .filter(all::contains)
                        .findFirst()
                        .ifPresent(weights::add);
            }
        }
        return weights;
    }

    private static Set<String> folders(Set<String> all) {
        return all.stream()
                .map(name -> name.substring(0, name.indexOf('/') + 1))
                .filter(folder -> MODULE.matcher(folder).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where the transformer is: at the root, or in the first module's folder. */
    private static String transformer(String weights) {
        Matcher module = MODULE.matcher(weights);
        return module.lookingAt() ? module.group() : "";
    }

    private static boolean isFirstModule(String folder) {
        Matcher module = MODULE.matcher(folder);
        return module.matches() && Integer.parseInt(module.group(1)) == 0;
    }

    private static boolean isTokenizer(String file) {
        return TOKENIZER.contains(file) || file.endsWith(".model");
    }
}
