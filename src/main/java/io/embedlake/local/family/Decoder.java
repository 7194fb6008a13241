package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** What the decoders that are used for embedding have in common: grouped heads, norms of queries and keys, gated layers. Immutable. */
abstract class Decoder extends TextNetwork {
    private final int heads;
    private final int keyHeads;
    private final int headSize;
    private final int inner;
    private final double epsilon;
    private final boolean hasBias;
    private final Activation activation;

    Decoder(NetworkConfig config, String activation) {
        super(
                config,
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.size("vocab_size"),
                config.size("max_position_embeddings"));
        this.heads = config.size("num_attention_heads");
        this.keyHeads = config.size(heads, "num_key_value_heads");
        this.headSize = config.has("head_dim") ? config.size("head_dim") : config.headSize(width(), heads);
        config.headSize(heads, keyHeads);
        this.inner = config.size("intermediate_size");
        this.epsilon = config.real(1e-6, "rms_norm_eps");
        this.hasBias = config.flag(false, "attention_bias");
        this.activation = config.activation(activation, "hidden_act", "hidden_activation");
    }

    @Override
    public boolean hasPositionTable() {
        return false;
    }

    @Override
    public final String anchor() {
        return "embed_tokens.weight";
    }

    @Override
    protected final List<String> headNames() {
        return List.of("lm_head.weight");
    }

    @Override
    public final String secondAnchor() {
        return "layers.0.input_layernorm.weight";
    }

    @Override
    public final boolean countsPadding() {
        return false;
    }

    final int headSize() {
        return headSize;
    }

    /** What is added to the weights of all norms. */
    abstract double shift();

    final Value norm(Network network, String name, Value x) {
        return network.rmsNorm(name, x, width(), epsilon, shift());
    }

    @Override
    protected final Value end(Network network, Value x) {
        return norm(network, "norm", x);
    }

    /** The output of the heads, {@code [B, L, heads * size]}, from the projections of a normed state. */
    final Value attended(Network network, String self, Value x, Rotary rotary, Value mask, double scale) {
        int wide = heads * headSize;
        int narrow = keyHeads * headSize;
        Linear projections = new Linear(
                List.of(self + "q_proj", self + "k_proj", self + "v_proj"),
                width(),
                List.of(wide, narrow, narrow),
                hasBias);
        Value joint = network.linear(projections, x);
        Value queries = headNorm(network, self + "q_norm", network.heads(joint, 0, heads, headSize));
        Value keys = headNorm(network, self + "k_norm", network.heads(joint, wide, keyHeads, headSize));
        Value values = network.heads(joint, wide + narrow, keyHeads, headSize);
        return network.attend(
                rotary.turn(network, queries),
                repeated(network, rotary.turn(network, keys)),
                repeated(network, values),
                mask,
                scale);
    }

    final Linear output(String self) {
        return Linear.of(self + "o_proj", heads * headSize, width()).withBias(hasBias);
    }

    private Value headNorm(Network network, String name, Value x) {
        return network.rmsNorm(name, x, headSize, epsilon, shift());
    }

    private Value repeated(Network network, Value x) {
        return heads == keyHeads ? x : network.call("repeat_heads", x, heads / keyHeads);
    }

    final Value gated(Network network, String layer, Value x) {
        Value gate = network.linear(
                Linear.of(layer + "mlp.gate_proj", width(), inner).withoutBias(), x, activation);
        return network.multiply(
                gate,
                network.linear(Linear.of(layer + "mlp.up_proj", width(), inner).withoutBias(), x));
    }

    final Linear down(String layer) {
        return Linear.of(layer + "mlp.down_proj", inner, width()).withoutBias();
    }
}
