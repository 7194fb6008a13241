package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;

/**
 * What follows attention in a layer of BERT and its relatives, with the norms behind the sums (Vaswani et al., 2017). Immutable.
 *
 * @param width the width of a hidden state
 * @param inner the width between the two linear layers
 * @param epsilon the epsilon of the norms
 * @param activation the activation between the two linear layers
 */
record PostNorm(int width, int inner, double epsilon, Activation activation) {
    /**
     * The names of a layer's parameters.
     *
     * @param output the projection of what attention saw
     * @param outputNorm the norm behind it
     * @param up the first linear layer
     * @param down the second one
     * @param norm the norm behind it
     */
    record Names(String output, String outputNorm, String up, String down, String norm) {
        /** BERT's names, and those of the models that kept them. */
        static Names ofBert(String layer) {
            return new Names(
                    layer + "attention.output.dense",
                    layer + "attention.output.LayerNorm",
                    layer + "intermediate.dense",
                    layer + "output.dense",
                    layer + "output.LayerNorm");
        }
    }

    /** The state after a layer, from the output of attention and the state before, {@code [B, L, width]} each. */
    Value write(Network network, Names names, Value seen, Value before) {
        Value attended = network.linearPlus(Linear.of(names.output(), width, width), seen, before);
        Value middle = network.layerNorm(names.outputNorm(), attended, width, epsilon);
        Value wide = network.linear(Linear.of(names.up(), width, inner), middle, activation);
        Value narrow = network.linearPlus(Linear.of(names.down(), inner, width), wide, middle);
        return network.layerNorm(names.norm(), narrow, width, epsilon);
    }
}
