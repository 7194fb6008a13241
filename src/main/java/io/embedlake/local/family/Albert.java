package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;
import java.util.Optional;

/** ALBERT (Lan et al., 2020): BERT whose layers share their weights in groups. Immutable. */
final class Albert extends Bert {
    private final int groups;
    private final int members;

    Albert(NetworkConfig config) {
        super(config, config.size(128, "embedding_size"), 0, "gelu_new");
        this.groups = config.size(1, "num_hidden_groups");
        this.members = config.size(1, "inner_group_num");
        if (groups > layers()) {
            throw config.refuse("it has " + groups + " groups for " + layers() + " layers");
        }
    }

    @Override
    protected List<String> headNames() {
        return List.of("predictions.decoder.weight");
    }

    @Override
    protected Value embeddings(Network network) {
        return network.linear(
                Linear.of("encoder.embedding_hidden_mapping_in", embeddingWidth(), width()), super.embeddings(network));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        int group = (int) ((long) index * groups / layers());
        Value y = x;
        for (int member = 0; member < members; member++) {
            y = member(network, "encoder.albert_layer_groups." + group + ".albert_layers." + member + ".", y);
        }
        return y;
    }

    private Value member(Network network, String layer, Value x) {
        String self = layer + "attention.";
        Value joint = network.linear(Linear.joint(width(), width(), self + "query", self + "key", self + "value"), x);
        Value seen = network.selfAttention(joint, width(), heads(), network.mask(AttentionWindow.ALL));
        return rest().write(
                        network,
                        new PostNorm.Names(
                                self + "dense",
                                self + "LayerNorm",
                                layer + "ffn",
                                layer + "ffn_output",
                                layer + "full_layer_layer_norm"),
                        seen,
                        x);
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return network.parameters().has("pooler.weight")
                ? Optional.of(Poolers.ofFirst(network, last, "pooler", width()))
                : Optional.empty();
    }
}
