package io.embedlake.local.head;

import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;
import java.util.List;
import java.util.Optional;

/** The vectors made of a network's hidden states. Immutable. */
public sealed interface Head {
    /** Writes the network as far as it is needed, and the head: one vector a text or a token, in 32 bits. */
    Value write(TextNetwork body, Network network);

    /**
     * One vector a text, {@code [B, width]}.
     *
     * @param layers the hidden states that are pooled
     * @param poolings the poolings, whose results lie side by side
     * @param modules the steps behind them
     */
    record TextVectors(LayerChoice layers, List<Pooling> poolings, List<Module> modules) implements Head {
        public TextVectors {
            poolings = List.copyOf(poolings);
            modules = List.copyOf(modules);
        }

        @Override
        public Value write(TextNetwork body, Network network) {
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

        private Value pool(Pooling pooling, TextNetwork body, Network network, Value state) {
            return switch (pooling) {
                case POOLER -> own(pooling, body, body.pooled(network, state), network);
                case PROJECTION -> own(pooling, body, body.projected(network, state), network);
                default -> network.call("pool_" + pooling, state, network.starts(), network.lengths());
            };
        }

        private Value own(Pooling pooling, TextNetwork body, Optional<Value> vector, Network network) {
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
     * One vector a token, {@code [B, L, width]}; the values at padding are meaningless.
     *
     * @param layers the hidden states that are taken
     */
    record TokenVectors(LayerChoice layers) implements Head {
        @Override
        public Value write(TextNetwork body, Network network) {
            List<Value> states = body.write(network, layers.depth(body.layers()));
            return network.call("torch.to", layers.write(network, states, body.layers()), 6);
        }
    }
}
