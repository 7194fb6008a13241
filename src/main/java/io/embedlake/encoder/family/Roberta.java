package io.embedlake.encoder.family;

import io.embedlake.encoder.network.Network;
import io.embedlake.encoder.network.NetworkConfig;
import io.embedlake.encoder.network.Value;

/** RoBERTa (Liu et al., 2019), XLM-RoBERTa and CamemBERT: BERT whose positions count on from the padding's index. Immutable. */
final class Roberta extends Bert {
    Roberta(NetworkConfig config) {
        super(config, config.size("hidden_size"), config.number(1, "pad_token_id") + 1);
        if (!config.has("pad_token_id")) {
            throw config.refuse("it has no pad_token_id, from which its positions are counted");
        }
    }

    @Override
    Value positionsOf(Network network, Value table) {
        return network.call("embed", network.call("counted_positions", network.ids(), padding()), table);
    }
}
