package io.embedlake.local.family;

import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;
import java.util.Optional;

/** ELECTRA's discriminator (Clark et al., 2020): BERT with embeddings of a different width. Immutable. */
final class Electra extends Bert {
    Electra(NetworkConfig config) {
        super(config, config.size(128, "embedding_size"), 0, "gelu");
    }

    @Override
    protected List<String> headNames() {
        return List.of("generator_lm_head.weight");
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = super.embeddings(network);
        return embeddingWidth() == width()
                ? x
                : network.linear(Linear.of("embeddings_project", embeddingWidth(), width()), x);
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return Optional.empty();
    }
}
