package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** The text network of Gemma 3 (2025), and EmbeddingGemma, which is bidirectional. Immutable. */
final class Gemma3 extends Decoder {
    private static final int PATTERN = 6;

    private final Rotary global;
    private final Rotary local;
    private final List<Boolean> isLocal;
    private final AttentionWindow wide;
    private final AttentionWindow near;
    private final double scale;

    Gemma3(NetworkConfig config) {
        super(config, "gelu_pytorch_tanh");
        if (config.has("attn_logit_softcapping")) {
            throw config.refuse("attn_logit_softcapping is not supported");
        }
        int pattern = config.number(config.number(PATTERN, "_sliding_window_pattern"), "sliding_window_pattern");
        this.isLocal = LayerTypes.local(config, layers(), index -> (index + 1) % pattern != 0);
        this.global = Rotary.of(config, "full_attention", headSize(), config.real(1_000_000, "rope_theta"));
        double localBase = config.real(10_000, "rope_local_base_freq");
        this.local = config.group("rope_parameters").has("sliding_attention")
                ? Rotary.of(config, "sliding_attention", headSize(), localBase)
                : new Rotary(headSize(), localBase, 1);
        int window = config.size(4096, "sliding_window");
        boolean bothWays = config.flag(false, "use_bidirectional_attention");
        config.requireOneOf("is_causal", "true");
        this.wide = bothWays ? AttentionWindow.ALL : AttentionWindow.BEFORE;
        this.near = bothWays ? new AttentionWindow(false, window / 2) : new AttentionWindow(true, window - 1);
        this.scale = 1 / Math.sqrt(config.real(256, "query_pre_attn_scalar"));
    }

    @Override
    double shift() {
        return 1;
    }

    @Override
    protected Value embeddings(Network network) {
        Value words = network.embedding(anchor(), vocabulary(), width(), network.ids());
        return network.call("torch.mul", words, Math.sqrt(width()));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "layers." + index + ".";
        String self = layer + "self_attn.";
        boolean isNear = isLocal.get(index);
        Value seen = attended(
                network,
                self,
                norm(network, layer + "input_layernorm", x),
                isNear ? local : global,
                network.mask(isNear ? near : wide),
                scale);
        Value middle =
                network.add(x, norm(network, layer + "post_attention_layernorm", network.linear(output(self), seen)));
        Value gated = gated(network, layer, norm(network, layer + "pre_feedforward_layernorm", middle));
        return network.add(
                middle, norm(network, layer + "post_feedforward_layernorm", network.linear(down(layer), gated)));
    }
}
