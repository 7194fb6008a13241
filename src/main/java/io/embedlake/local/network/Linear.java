package io.embedlake.local.network;

import java.util.List;

/**
 * A linear layer, or several that read the same value and are computed as one: their results lie side by side. Immutable.
 *
 * @param names the names of the parameters without {@code .weight} and {@code .bias}
 * @param in the width of what goes in
 * @param widths the width of what each gives
 * @param hasBias whether they have a bias
 */
public record Linear(List<String> names, int in, List<Integer> widths, boolean hasBias) {
    public Linear {
        names = List.copyOf(names);
        widths = List.copyOf(widths);
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
        return new Linear(names, in, widths, has);
    }

    /** The same layer without a bias. */
    public Linear withoutBias() {
        return withBias(false);
    }

    int outs(String name) {
        return widths.get(names.indexOf(name));
    }
}
