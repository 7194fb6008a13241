package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/**
 * NomicBERT (Nussbaum et al., 2024): BERT with rotary positions and gated layers; its config has the names of its own code or those
 * of transformers. Immutable.
 */
final class NomicBert extends TextNetwork {
    private final int heads;
    private final int headSize;
    private final int inner;
    private final int segments;
    private final double epsilon;
    private final Activation activation;
    private final Rotary rotary;

    NomicBert(NetworkConfig config) {
        super(
                config,
                config.size("n_layer", "num_hidden_layers"),
                config.size("n_embd", "hidden_size"),
                config.size("vocab_size"),
                config.size("n_positions", "max_position_embeddings"));
        for (String off : new String[] {
            "causal",
            "prenorm",
            "parallel_block",
            "qkv_proj_bias",
            "mlp_fc1_bias",
            "mlp_fc2_bias",
            "use_rms_norm",
            "rotary_emb_interleaved",
            "is_decoder"
        }) {
            config.requireOneOf(off, "false");
        }
        config.requireOneOf("rotary_emb_fraction", "1.0", "1");
        config.requireOneOf("activation_function", "swiglu", "silu", "swish");
        config.requireOneOf("moe_every_n_layers", "0");
        if (config.has("rotary_emb_scale_base") || config.has("rotary_scaling_factor")) {
            throw config.refuse("its rotary positions are scaled (rotary_emb_scale_base, rotary_scaling_factor),"
                    + " which is not supported");
        }
        this.heads = config.size("n_head", "num_attention_heads");
        this.headSize = config.headSize(width(), heads);
        config.requireOneOf("head_dim", String.valueOf(headSize));
        this.inner = config.size("n_inner", "intermediate_size");
        this.segments = config.number(2, "type_vocab_size");
        this.epsilon = config.real(1e-12, "layer_norm_epsilon", "layer_norm_eps");
        this.activation = config.activation("silu", "hidden_act");
        this.rotary = Rotary.of(config, "full_attention", headSize, config.real(1000, "rotary_emb_base", "rope_theta"));
    }

    @Override
    public boolean hasPositionTable() {
        return false;
    }

    @Override
    protected List<String> headNames() {
        return List.of("cls.predictions.decoder.weight");
    }

    @Override
    public String secondAnchor() {
        return "emb_ln.weight";
    }

    @Override
    public boolean countsPadding() {
        return false;
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = network.embedding("embeddings.word_embeddings.weight", vocabulary(), width(), network.ids());
        if (segments > 0) {
            x = network.add(
                    x,
                    network.embedding("embeddings.token_type_embeddings.weight", segments, width(), network.types()));
        }
        return network.layerNorm("emb_ln", x, width(), epsilon);
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layers." + index + ".";
        Value joint = network.linear(
                Linear.of(layer + "attn.Wqkv", width(), 3 * width()).withoutBias(), x);
        Value seen = network.attend(
                rotary.turn(network, network.heads(joint, 0, heads, headSize)),
                rotary.turn(network, network.heads(joint, width(), heads, headSize)),
                network.heads(joint, 2 * width(), heads, headSize),
                network.mask(AttentionWindow.ALL),
                headSize);
        Value attended = network.linearPlus(
                Linear.of(layer + "attn.out_proj", width(), width()).withoutBias(), seen, x);
        Value middle = network.layerNorm(layer + "norm1", attended, width(), epsilon);
        Value gate =
                network.linear(Linear.of(layer + "mlp.fc12", width(), inner).withoutBias(), middle, activation);
        Value gated = network.multiply(
                network.linear(Linear.of(layer + "mlp.fc11", width(), inner).withoutBias(), middle), gate);
        Value narrow =
                network.linearPlus(Linear.of(layer + "mlp.fc2", inner, width()).withoutBias(), gated, middle);
        return network.layerNorm(layer + "norm2", narrow, width(), epsilon);
    }
}
