package io.embedlake.fake.service;

import java.util.Objects;

/**
 * A call that passed the checks of its format. Immutable.
 *
 * @param shape of its vectors
 * @param order how the answer says which vector belongs to which text
 */
public record Work(Inputs inputs, Demand demand, Shape shape, Encoding encoding, Order order) {
    public Work {
        Objects.requireNonNull(inputs);
        Objects.requireNonNull(demand);
        Objects.requireNonNull(shape);
        Objects.requireNonNull(encoding);
        Objects.requireNonNull(order);
    }

    /** How an answer says which vector belongs to which text. */
    public enum Order {
        /** By an index. */
        INDEXED,
        /** By its place alone: another order could not be noticed. */
        POSITIONAL
    }
}
