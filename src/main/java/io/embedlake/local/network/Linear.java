package io.embedlake.local.network;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A linear layer, or several that read the same value and are computed as one: their results lie side by side. Immutable.
 *
 * @param names the names of the parameters without {@code .weight} and {@code .bias}
 * @param in the width of what goes in
 * @param widths the width of what each gives
 * @param hasBias whether they have a bias
 * @param unbiased those of them that have none all the same
 * @param scale a parameter that every result is multiplied with, {@code [widths]}, if there is one
 */
public record Linear(
        List<String> names,
        int in,
        List<Integer> widths,
        boolean hasBias,
        Set<String> unbiased,
        Optional<String> scale) {
    public Linear {
        names = List.copyOf(names);
        widths = List.copyOf(widths);
        unbiased = Set.copyOf(unbiased);
    }

    /** Layers whose results are taken as they are. */
    public Linear(List<String> names, int in, List<Integer> widths, boolean hasBias) {
        this(names, in, widths, hasBias, Set.of(), Optional.empty());
    }

    /** A layer with a bias. */
    public static Linear of(String name, int in, int out) {
        return new Linear(List.of(name), in, List.of(out), true);
    }

    /** Layers of the same width, in this order. */
    public static Linear joint(int in, int out, String... names) {
        return new Linear(
                List.of(names), in, List.of(names).stream().map(name -> out).toList(), true);
    }

    /** The same layer with a bias when this is true. */
    public Linear withBias(boolean has) {
        return new Linear(names, in, widths, has, unbiased, scale);
    }

    /** The same layers with a bias in all but these. */
    public Linear withoutBiasOf(Set<String> some) {
        return new Linear(names, in, widths, !some.containsAll(names), some, scale);
    }

    /** The same single layer, whose result is multiplied with this parameter, number by number. */
    public Linear scaledBy(String parameter) {
        return new Linear(names, in, widths, hasBias, unbiased, Optional.of(parameter));
    }

    /** The same layer without a bias. */
    public Linear withoutBias() {
        return withBias(false);
    }

    int outs(String name) {
        return widths.get(names.indexOf(name));
    }
}
