package io.embedlake.local.network;

/**
 * A parameter that a network reads. Immutable by convention.
 *
 * @param name its name in the base model
 * @param shape the shape that it must have
 */
public record Weight(String name, long... shape) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Weight that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
