package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.Optional;

/**
 * The text towers of CLIP (Radford et al., 2021) and SigLIP (Zhai et al., 2023). CLIP's is causal and takes its vector at the end token;
 * SigLIP's attends to everything, padding included, and takes it at the last position. Immutable.
 */
final class ClipText extends TextNetwork {
    /** Which of the two. */
    enum Kind {
        CLIP,
        SIGLIP
    }

    private final Kind kind;
    private final boolean isTower;
    private final ClipLayers layers;
    private final int padding;
    private final int end;
    private final int projected;
    private final double epsilon;

    /**
     * A tower.
     *
     * @param whole the config of the model, which has the width of CLIP's projection
     * @param config the config of the tower, which may be the same
     */
    ClipText(Kind kind, NetworkConfig whole, NetworkConfig config) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(kind == Kind.CLIP ? 512 : 768, "hidden_size"),
                config.size(kind == Kind.CLIP ? 49_408 : 32_000, "vocab_size"),
                config.size(kind == Kind.CLIP ? 77 : 64, "max_position_embeddings"));
        this.kind = kind;
        this.isTower = whole != config;
        this.padding = config.number(1, "pad_token_id");
        this.end = config.number(49_407, "eos_token_id");
        this.projected = kind == Kind.CLIP
                ? whole.size(config.size(512, "projection_dim"), "projection_dim")
                : config.size(width(), "projection_size");
        this.epsilon = config.real(kind == Kind.CLIP ? 1e-5 : 1e-6, "layer_norm_eps");
        int heads = config.size(kind == Kind.CLIP ? 8 : 12, "num_attention_heads");
        config.headSize(width(), heads);
        this.layers = new ClipLayers(
                new PreNorm(width(), epsilon),
                heads,
                config.size(kind == Kind.CLIP ? 2048 : 3072, "intermediate_size"),
                config.activation(kind == Kind.CLIP ? "quick_gelu" : "gelu_pytorch_tanh", "hidden_act"));
    }

    @Override
    public int padding() {
        return padding;
    }

    @Override
    public boolean readsPadding() {
        return kind == Kind.SIGLIP;
    }

    @Override
    public Usual usual() {
        return isTower && kind == Kind.CLIP ? Usual.PROJECTED : Usual.MEAN;
    }

    @Override
    public String secondAnchor() {
        return "text_model.embeddings.position_embedding.weight";
    }

    @Override
    public String anchor() {
        return "text_model.embeddings.token_embedding.weight";
    }

    @Override
    protected Value embeddings(Network network) {
        Value words = network.embedding(anchor(), vocabulary(), width(), network.ids());
        Value table = network.table("text_model.embeddings.position_embedding.weight", positions(), width());
        return network.add(words, network.call("first_rows", network.ids(), table));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        AttentionWindow sight = kind == Kind.CLIP ? AttentionWindow.BEFORE : AttentionWindow.ALL;
        return layers.write(network, "text_model.encoder.layers." + index + ".", x, network.mask(sight));
    }

    @Override
    protected Value end(Network network, Value x) {
        return network.layerNorm("text_model.final_layer_norm", x, width(), epsilon);
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        Value place = kind == Kind.CLIP
                ? network.call("end_token", network.ids(), end)
                : network.call("torch.sub", network.lengths(), 1);
        Value vector = network.call("torch.to", network.call("at", last, place), network.call("dtype"));
        return Optional.of(
                kind == Kind.CLIP ? vector : network.linear(Linear.of("text_model.head", width(), projected), vector));
    }

    @Override
    public Optional<Value> projected(Network network, Value last) {
        Optional<Value> vector = pooled(network, last);
        return kind == Kind.CLIP && network.parameters().has("text_projection.weight")
                ? vector.map(value -> network.linear(
                        Linear.of("text_projection", width(), projected).withoutBias(), value))
                : vector;
    }
}
