package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;

/**
 * Rotary positions (Su et al., RoFormer, 2021). Immutable.
 *
 * @param size the size of a head
 * @param base the base of the angles' exponents
 * @param factor by how much positions are shortened
 */
record Rotary(int size, double base, double factor) {
    /**
     * The rotary positions of a kind of layer: as {@code rope_parameters} say it, for all kinds or for this one, else as older
     * configs do, with {@code rope_scaling} beside the base.
     */
    static Rotary of(NetworkConfig config, String kind, int size, double oldBase) {
        NetworkConfig all = config.group("rope_parameters");
        if ((all.has(kind) || all.has("rope_theta")) && config.has("rope_scaling")) {
            throw config.refuse(
                    "it has rope_parameters and rope_scaling, which is what older configs have in their place");
        }
        NetworkConfig parameters =
                all.has(kind) ? all.group(kind) : all.has("rope_theta") ? all : config.group("rope_scaling");
        requireKnown(config, parameters);
        double factor =
                parameters.word("default", "rope_type", "type").equals("linear") ? parameters.real(1, "factor") : 1;
        return new Rotary(size, parameters.real(oldBase, "rope_theta"), factor);
    }

    private static void requireKnown(NetworkConfig config, NetworkConfig parameters) {
        String type = parameters.word("default", "rope_type", "type");
        if (!type.equals("default") && !type.equals("linear")) {
            throw config.refuse(
                    "its rotary positions are scaled by " + type + ", and only default and linear are supported");
        }
        if (parameters.real(1, "partial_rotary_factor") != 1 || config.real(1, "partial_rotary_factor") != 1) {
            throw config.refuse(
                    "only a part of each head has rotary positions (partial_rotary_factor), which is not supported");
        }
    }

    /** Turns queries or keys, {@code [B, heads, L, size]}, by the angles of their positions. */
    Value turn(Network network, Value x) {
        Value angles = network.once("angles " + this, () -> network.call("angles", network.ids(), size, base, factor));
        return network.call("rotate", x, angles);
    }
}
