package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** ModernBERT (Warner et al., 2024): rotary positions, gated layers, and global attention in some layers only. Immutable. */
final class ModernBert extends TextNetwork {
    private final int heads;
    private final int headSize;
    private final int inner;
    private final double epsilon;
    private final Activation activation;
    private final boolean normBias;
    private final boolean attentionBias;
    private final boolean innerBias;
    private final int reach;
    private final List<Boolean> isLocal;
    private final Rotary global;
    private final Rotary local;

    ModernBert(NetworkConfig config) {
        super(
                config,
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.size("vocab_size"),
                config.size("max_position_embeddings"));
        config.requireOneOf("is_decoder", "false");
        this.heads = config.size("num_attention_heads");
        this.headSize = config.headSize(width(), heads);
        this.inner = config.size("intermediate_size");
        this.epsilon = config.real(1e-5, "norm_eps");
        this.activation = config.activation("gelu", "hidden_activation");
        this.normBias = config.flag(false, "norm_bias");
        this.attentionBias = config.flag(false, "attention_bias");
        this.innerBias = config.flag(false, "mlp_bias");
        this.reach = config.size(128, "local_attention") / 2;
        int every = config.size(3, "global_attn_every_n_layers");
        this.isLocal = LayerTypes.local(config, layers(), index -> index % every != 0);
        if (config.has("sliding_window")) {
            throw config.refuse("it has sliding_window beside local_attention, which is not supported");
        }
        this.global = Rotary.of(config, "full_attention", headSize, config.real(160_000, "global_rope_theta"));
        this.local = Rotary.of(
                config,
                "sliding_attention",
                headSize,
                config.real(
                        config.mentions("local_rope_theta") ? config.real(160_000, "global_rope_theta") : 10_000,
                        "local_rope_theta"));
    }

    @Override
    public boolean hasPositionTable() {
        return false;
    }

    @Override
    public String anchor() {
        return "embeddings.tok_embeddings.weight";
    }

    @Override
    protected List<String> headNames() {
        return List.of("decoder.weight");
    }

    @Override
    public String secondAnchor() {
        return "embeddings.norm.weight";
    }

    @Override
    public boolean countsPadding() {
        return false;
    }

    @Override
    protected Value embeddings(Network network) {
        return norm(
                network,
                "embeddings.norm",
                network.embedding("embeddings.tok_embeddings.weight", vocabulary(), width(), network.ids()));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "layers." + index + ".";
        Value first = index == 0 ? x : norm(network, layer + "attn_norm", x);
        Linear projection = Linear.of(layer + "attn.Wqkv", width(), 3 * width()).withBias(attentionBias);
        Value joint = network.linear(projection, first);
        Rotary rotary = isLocal.get(index) ? local : global;
        AttentionWindow sight = isLocal.get(index) ? new AttentionWindow(false, reach) : AttentionWindow.ALL;
        Value seen = network.attend(
                rotary.turn(network, network.heads(joint, 0, heads, headSize)),
                rotary.turn(network, network.heads(joint, width(), heads, headSize)),
                network.heads(joint, 2 * width(), heads, headSize),
                network.mask(sight),
                headSize);
        Value attended = network.linearPlus(
                Linear.of(layer + "attn.Wo", width(), width()).withBias(attentionBias), seen, x);
        Value second = norm(network, layer + "mlp_norm", attended);
        Value both =
                network.linear(Linear.of(layer + "mlp.Wi", width(), 2 * inner).withBias(innerBias), second);
        Value gated = network.multiply(
                network.activate(activation, network.call("torch.slice", both, 2, 0, inner)),
                network.call("torch.slice", both, 2, inner));
        return network.linearPlus(Linear.of(layer + "mlp.Wo", inner, width()).withBias(innerBias), gated, attended);
    }

    @Override
    protected Value end(Network network, Value x) {
        return norm(network, "final_norm", x);
    }

    private Value norm(Network network, String name, Value x) {
        return normBias
                ? network.layerNorm(name, x, width(), epsilon)
                : network.layerNormWithoutBias(name, x, width(), epsilon);
    }
}
