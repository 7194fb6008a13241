package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;
import java.util.function.UnaryOperator;

/**
 * A layer with its norms before attention and before the two linear layers (Dosovitskiy et al., ViT, 2021). Immutable.
 *
 * @param width the width of a hidden state
 * @param epsilon the epsilon of the norms
 */
record PreNorm(int width, double epsilon) {
    /**
     * The state after attention, {@code [B, L, width]}.
     *
     * @param seen what attention makes of the joint projection to queries, keys and values
     */
    Value attended(Network network, String norm, Linear joint, UnaryOperator<Value> seen, Linear output, Value x) {
        Value projected = network.linear(joint, network.layerNorm(norm, x, width, epsilon));
        return network.linearPlus(output, seen.apply(projected), x);
    }

    /** The state after the linear layers, {@code [B, L, width]}. */
    Value widened(Network network, String norm, Linear up, Activation activation, Linear down, Value x) {
        Value wide = network.linear(up, network.layerNorm(norm, x, width, epsilon), activation);
        return network.linearPlus(down, wide, x);
    }
}
