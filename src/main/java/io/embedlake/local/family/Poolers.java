package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;

/** Vectors of inputs that networks were trained with. Stateless. */
final class Poolers {
    private Poolers() {}

    /** BERT's: the hyperbolic tangent of a linear layer over the first position. */
    static Value ofFirst(Network network, Value last, String name, int width) {
        return ofFirst(network, last, Linear.of(name, width, width), Activation.TANH);
    }

    /** A linear layer and an activation over the first position. */
    static Value ofFirst(Network network, Value last, Linear layer, Activation activation) {
        return network.linear(layer, network.call("torch.select", last, 1, 0), activation);
    }
}
