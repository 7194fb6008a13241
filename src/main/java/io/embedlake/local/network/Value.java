package io.embedlake.local.network;

/**
 * A value of the program that a {@link Network} writes: the result of a call, an input or a weight. Immutable.
 *
 * @param name the expression that stands for it in the program
 */
public record Value(String name) {
    @Override
    public String toString() {
        return name;
    }
}
