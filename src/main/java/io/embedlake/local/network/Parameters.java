package io.embedlake.local.network;

import io.embedlake.local.weights.Tensor;
import io.embedlake.local.weights.Weights;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The parameters of a network by their names in the base model, without the prefix of a checkpoint ({@code bert.} in one of a task model)
 * and under older names too ({@code gamma} and {@code beta} of a layer norm). Records which were read. Confined to one thread.
 */
public final class Parameters {
    /** The names of scales, packed numbers and low-rank factors in the formats of the usual libraries. */
    private static final Pattern OF_PARTS = Pattern.compile(
            "(?:^|[._])(?:SCB|qweight|qzeros|g_idx|weight_scale|weight_scale_inv|weight_packed|weight_shape|absmax|quant_map"
                    + "|quant_state[._].*|lora_[AB][._].*)$");

    private final String place;
    private final Weights weights;
    private final String prefix;
    private final Map<String, String> shared;
    private final Set<String> used = new HashSet<>();

    private Parameters(String place, Weights weights, String prefix, Map<String, String> shared) {
        this.shared = shared;
        this.place = place;
        this.weights = weights;
        this.prefix = prefix;
    }

    /**
     * The parameters of a checkpoint.
     *
     * @param place where the checkpoint is, for messages
     * @param anchor a parameter that every network of the family has: what stands before its name is the prefix of all
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such parameter, or there are several
     */
    public static Parameters of(String place, Weights weights, String anchor) {
        return of(place, weights, anchor, anchor, List.of());
    }

    /**
     * The parameters of a checkpoint that may have the first of them under another name.
     *
     * @param anchor a parameter that every network of the family has
     * @param second another one, whose prefix counts where a shared name takes the place of the first
     * @param shared the names that the first may have instead, each of a layer outside of the base model
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when none of them is there, or it is not clear which is meant
     */
    public static Parameters of(String place, Weights weights, String anchor, String second, List<String> shared) {
        requireWhole(place, weights);
        List<String> prefixes = prefixes(weights, anchor);
        if (!prefixes.isEmpty()) {
            return new Parameters(place, weights, prefix(place, prefixes, anchor), Map.of());
        }
        Optional<String> other = weights.names().stream()
                .filter(name -> shared.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end)))
                .findFirst();
        List<String> beside = prefixes(weights, second);
        if (other.isEmpty() || beside.isEmpty()) {
            throw refuse(place, "the tensor " + anchor + " is missing");
        }
        String prefix = prefix(place, beside, second);
        return new Parameters(place, weights, prefix, Map.of(prefix + anchor, other.get()));
    }

    private static List<String> prefixes(Weights weights, String anchor) {
        return weights.names().stream()
                .filter(name -> name.equals(anchor) || name.endsWith("." + anchor))
                .map(name -> name.substring(0, name.length() - anchor.length()))
                .toList();
    }

    private static String prefix(String place, List<String> prefixes, String anchor) {
        if (prefixes.size() > 1) {
            throw refuse(
                    place, "it has several tensors " + anchor + ", so that it is not clear which network is meant");
        }
        return prefixes.get(0);
    }

    /** Refuses what stands for weights only together with other tensors. */
    private static void requireWhole(String place, Weights weights) {
        weights.names().stream()
                .filter(name -> OF_PARTS.matcher(name).find())
                .findFirst()
                .ifPresent(name -> {
                    throw refuse(
                            place,
                            "the tensor " + name + " belongs to "
                                    + (name.contains("lora_") ? "an adapter" : "quantized weights")
                                    + ", which are not supported; take the model's plain weights");
                });
    }

    /** The parameters of a module that has its file to itself. */
    public static Parameters of(String place, Weights weights) {
        return new Parameters(place, weights, "", Map.of());
    }

    /** Whether there is a parameter of this name. */
    public boolean has(String name) {
        return !found(name).isEmpty();
    }

    /**
     * A parameter.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is missing or of another shape
     */
    Tensor tensor(String name, long... shape) {
        String found = found(name);
        if (found.isEmpty()) {
            throw refuse(place, "the tensor " + prefix + name + " is missing");
        }
        used.add(found);
        Tensor tensor = weights.tensor(found);
        if (!tensor.type().isReal()) {
            throw refuse(
                    place,
                    "the tensor " + found + " has whole numbers of the type " + tensor.type()
                            + ": quantized weights are not supported; take the model's plain weights");
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw refuse(
                    place,
                    "the tensor " + found + " has the shape " + Arrays.toString(tensor.shape())
                            + ", and the model's config asks for " + Arrays.toString(shape));
        }
        return tensor;
    }

    /** The unused parameters, such as the head of a task model. */
    public Set<String> unused() {
        Set<String> unused = new TreeSet<>(weights.names());
        unused.removeAll(used);
        return unused;
    }

    private String found(String name) {
        String old = name.endsWith("LayerNorm.weight")
                ? name.replaceFirst("weight$", "gamma")
                : name.endsWith("LayerNorm.bias") ? name.replaceFirst("bias$", "beta") : name;
        if (shared.containsKey(prefix + name)) {
            return shared.get(prefix + name);
        }
        return weights.names().contains(prefix + name)
                ? prefix + name
                : weights.names().contains(prefix + old) ? prefix + old : "";
    }

    private static EmbedlakeException refuse(String place, String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the weights in " + place + " (" + why
                        + "). Get the model's files again, or change the key model.");
    }
}
