package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** RoBERTa (Liu et al., 2019), XLM-RoBERTa and CamemBERT: BERT whose positions count on from the padding's index. Immutable. */
final class Roberta extends Bert {
    private static final String PADDING = "pad_token_id";
    private static final int PADDING_INDEX = 1;

    private final int padding;

    Roberta(NetworkConfig config) {
        super(config, config.size("hidden_size"), config.number(PADDING_INDEX, PADDING) + 1, "gelu");
        this.padding = config.number(PADDING_INDEX, PADDING);
    }

    @Override
    public int padding() {
        return padding;
    }

    @Override
    protected List<String> headNames() {
        return List.of("lm_head.decoder.weight");
    }

    @Override
    public boolean countsPadding() {
        return false;
    }

    @Override
    Value positionsOf(Network network, Value table) {
        return network.call("embed", network.call("counted_positions", network.ids(), padding), table);
    }
}
