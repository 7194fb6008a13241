package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;

/**
 * The layers that both towers of CLIP and SigLIP have. Immutable.
 *
 * @param heads the heads of attention
 * @param inner the width between the two linear layers
 * @param activation the activation between them
 */
record ClipLayers(PreNorm norms, int heads, int inner, Activation activation) {
    /** The state after a layer, {@code [B, L, width]}. */
    Value write(Network network, String layer, Value x, Value mask) {
        int width = norms.width();
        String self = layer + "self_attn.";
        Value attended = norms.attended(
                network,
                layer + "layer_norm1",
                Linear.joint(width, width, self + "q_proj", self + "k_proj", self + "v_proj"),
                joint -> network.selfAttention(joint, width, heads, mask),
                Linear.of(self + "out_proj", width, width),
                x);
        return norms.widened(
                network,
                layer + "layer_norm2",
                Linear.of(layer + "mlp.fc1", width, inner),
                activation,
                Linear.of(layer + "mlp.fc2", inner, width),
                attended);
    }
}
