package io.embedlake.encoder.network;

import io.embedlake.checkpoint.weights.Tensor;
import io.embedlake.checkpoint.weights.Weights;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of a network by their names in the base model, whatever a checkpoint puts in front of them ({@code bert.} in one
 * of a task model) and whatever older ones call them ({@code gamma} and {@code beta} of a layer norm). Remembers which were asked
 * for. Confined to one thread.
 */
public final class Parameters {
    private final String place;
    private final Weights weights;
    private final String prefix;
    private final Set<String> used = new HashSet<>();

    private Parameters(String place, Weights weights, String prefix) {
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
        List<String> prefixes = weights.names().stream()
                .filter(name -> name.equals(anchor) || name.endsWith("." + anchor))
                .map(name -> name.substring(0, name.length() - anchor.length()))
                .toList();
        if (prefixes.size() > 1) {
            throw refuse(
                    place, "it has several tensors " + anchor + ", so that it is not clear which network is meant");
        }
        if (prefixes.isEmpty()) {
            throw refuse(place, "the tensor " + anchor + " is missing");
        }
        return new Parameters(place, weights, prefixes.get(0));
    }

    /** The parameters of a module that has its file to itself. */
    public static Parameters of(String place, Weights weights) {
        return new Parameters(place, weights, "");
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
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw refuse(
                    place,
                    "the tensor " + found + " has the shape " + Arrays.toString(tensor.shape())
                            + ", and the model's config asks for " + Arrays.toString(shape));
        }
        return tensor;
    }

    /** What nobody asked for, such as the head of a task model. */
    public Set<String> unused() {
        Set<String> unused = new TreeSet<>(weights.names());
        unused.removeAll(used);
        return unused;
    }

    private String found(String name) {
        String old = name.endsWith("LayerNorm.weight")
                ? name.replaceFirst("weight$", "gamma")
                : name.endsWith("LayerNorm.bias") ? name.replaceFirst("bias$", "beta") : name;
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
