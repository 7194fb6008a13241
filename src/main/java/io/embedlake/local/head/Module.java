package io.embedlake.local.head;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.Value;

/** A module of sentence-transformers after the pooling: a vector in, a vector out, {@code [B, in]} to {@code [B, out]}. Immutable. */
public sealed interface Module {
    /** Writes the step. */
    Value write(Network network, Value x);

    /** Division by the length. */
    record Normalize() implements Module {
        @Override
        public Value write(Network network, Value x) {
            return network.call("unit_length", x);
        }
    }

    /**
     * The first values alone, which are not brought to length 1 again.
     *
     * @param width how many; all of a shorter vector
     */
    record Truncate(int width) implements Module {
        @Override
        public Value write(Network network, Value x) {
            return network.call("torch.slice", x, 1, 0, width, 1);
        }
    }

    /**
     * A linear layer and an activation, in 32 bits like everything behind the pooling.
     *
     * @param parameters its weights
     * @param in the width of what goes in
     * @param out the width of what comes out
     * @param hasBias whether it has a bias
     * @param activation the activation
     * @param hasResidual whether what goes in is added, through a separate layer where the widths differ
     */
    record Dense(Parameters parameters, int in, int out, boolean hasBias, Activation activation, boolean hasResidual)
            implements Module {
        @Override
        public Value write(Network network, Value x) {
            Linear layer = Linear.of("linear", in, out).withBias(hasBias);
            Value y = network.activate(activation, network.exactLinear(parameters, layer, x));
            if (!hasResidual) {
                return y;
            }
            Linear residual = Linear.of("residual", in, out).withoutBias();
            return network.add(y, in == out ? x : network.exactLinear(parameters, residual, x));
        }
    }

    /**
     * Layer norm.
     *
     * @param parameters its weights
     * @param width the width of the vector
     */
    record LayerNorm(Parameters parameters, int width) implements Module {
        private static final double EPSILON = 1e-5;

        @Override
        public Value write(Network network, Value x) {
            return network.exactLayerNorm(parameters, "norm", width, EPSILON, x);
        }
    }
}
