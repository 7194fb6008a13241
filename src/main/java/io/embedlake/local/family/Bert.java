package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;
import java.util.Optional;

/** BERT (Devlin et al., 2019), and what others changed of it in subclasses. Immutable. */
class Bert extends TextNetwork {
    private final int heads;
    private final PostNorm rest;
    private final int segments;
    private final int embeddingWidth;
    private final int rows;
    private final double epsilon;

    Bert(NetworkConfig config) {
        this(config, config.size("hidden_size"), 0, "gelu");
    }

    /**
     * A relative of BERT.
     *
     * @param embeddingWidth the width of the embeddings
     * @param offset how many rows of the position embeddings no text can reach
     * @param activation the activation of a config that names none
     */
    Bert(NetworkConfig config, int embeddingWidth, int offset, String activation) {
        super(
                config,
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.size("vocab_size"),
                config.size("max_position_embeddings") - offset);
        requireEncoder(config);
        this.heads = config.size("num_attention_heads");
        config.headSize(width(), heads);
        this.segments = config.number(2, "type_vocab_size");
        this.embeddingWidth = embeddingWidth;
        this.rows = config.size("max_position_embeddings");
        this.epsilon = config.real(1e-12, "layer_norm_eps");
        this.rest = new PostNorm(
                width(), config.size("intermediate_size"), epsilon, config.activation(activation, "hidden_act"));
    }

    final int heads() {
        return heads;
    }

    final PostNorm rest() {
        return rest;
    }

    final int embeddingWidth() {
        return embeddingWidth;
    }

    final double epsilon() {
        return epsilon;
    }

    @Override
    protected List<String> headNames() {
        return List.of("cls.predictions.decoder.weight");
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = network.embedding("embeddings.word_embeddings.weight", vocabulary(), embeddingWidth, network.ids());
        if (segments > 0) {
            x = network.add(
                    x,
                    network.embedding(
                            "embeddings.token_type_embeddings.weight", segments, embeddingWidth, network.types()));
        }
        x = network.add(
                x, positionsOf(network, network.table("embeddings.position_embeddings.weight", rows, embeddingWidth)));
        return network.layerNorm("embeddings.LayerNorm", x, embeddingWidth, epsilon);
    }

    /** The embedding of each position. */
    Value positionsOf(Network network, Value table) {
        return network.call("first_rows", network.ids(), table);
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.self.";
        Value joint = network.linear(Linear.joint(width(), width(), self + "query", self + "key", self + "value"), x);
        Value seen = network.selfAttention(joint, width(), heads, network.mask(AttentionWindow.ALL));
        return rest.write(network, PostNorm.Names.ofBert(layer), seen, x);
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return network.parameters().has("pooler.dense.weight")
                ? Optional.of(Poolers.ofFirst(network, last, "pooler.dense", width()))
                : Optional.empty();
    }
}
