package io.embedlake.local.head;

import io.embedlake.local.family.ImageNetwork;
import io.embedlake.local.family.LayeredNetwork;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;
import java.util.List;
import java.util.Optional;

/** The vectors made of a network's hidden states. Immutable. */
public sealed interface Head {
    /** Writes the network as far as it is needed, and the head: one vector an input or a part of it, in 32 bits. */
    Value write(LayeredNetwork body, Network network);

    /**
     * One vector an input, {@code [B, width]}.
     *
     * @param layers the hidden states that are pooled
     * @param poolings the poolings, whose results lie side by side
     * @param modules the steps behind them
     */
    record Pooled(LayerChoice layers, List<Pooling> poolings, List<Module> modules) implements Head {
        public Pooled {
            poolings = List.copyOf(poolings);
            modules = List.copyOf(modules);
        }

        @Override
        public Value write(LayeredNetwork body, Network network) {
            List<Value> states = body.write(network, layers.depth(body.layers()));
            Value state = layers.write(network, states, body.layers());
            List<Value> parts = poolings.stream()
                    .map(pooling -> pool(pooling, body, network, state))
                    .toList();
            Value vector = parts.size() == 1 ? parts.get(0) : network.call("torch.cat", parts, 1);
            for (Module module : modules) {
                vector = module.write(network, vector);
            }
            return vector;
        }

        private Value pool(Pooling pooling, LayeredNetwork body, Network network, Value state) {
            return switch (pooling) {
                case POOLER -> own(pooling, body, body.pooled(network, state), network);
                case PROJECTION -> own(pooling, body, body.projected(network, state), network);
                case PATCH_MEAN ->
                    network.call(
                            "pool_mean", state, patches(body).firstPatch(network, state), body.count(network, state));
                default ->
                    network.call("pool_" + pooling, state, body.first(network, state), body.count(network, state));
            };
        }

        private static ImageNetwork patches(LayeredNetwork body) {
            if (body instanceof ImageNetwork images) {
                return images;
            }
            throw body.refuse("it has no patches for the pooling " + Pooling.PATCH_MEAN);
        }

        private Value own(Pooling pooling, LayeredNetwork body, Optional<Value> vector, Network network) {
            if (!layers.isLast(body.layers())) {
                throw body.refuse("the pooling " + pooling + " works on the last layer only; set layers to last");
            }
            return network.call(
                    "torch.to",
                    vector.orElseThrow(() -> body.refuse(
                            "it has nothing of its own for the pooling " + pooling + "; set pooling to mean or cls")),
                    6);
        }
    }

    /**
     * One vector a token or patch, {@code [B, parts, width]}; the values at padding are meaningless.
     *
     * @param layers the hidden states that are taken
     */
    record PerPart(LayerChoice layers) implements Head {
        @Override
        public Value write(LayeredNetwork body, Network network) {
            List<Value> states = body.write(network, layers.depth(body.layers()));
            return network.call("torch.to", body.parts(network, layers.write(network, states, body.layers())), 6);
        }
    }
}
