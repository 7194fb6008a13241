package io.embedlake.local.family;

import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/** Qwen3 (2025), a decoder whose last token carries the text's vector. Immutable. */
final class Qwen3 extends Decoder {
    private final Rotary rotary;
    private final List<Boolean> isLocal;
    private final int window;
    private final AttentionWindow wide;

    Qwen3(NetworkConfig config) {
        super(config, "silu");
        this.rotary = Rotary.of(config, "full_attention", headSize(), config.real(10_000, "rope_theta"));
        int from = config.number(layers(), "max_window_layers");
        boolean slides = config.flag(false, "use_sliding_window") && config.has("sliding_window");
        this.isLocal = LayerTypes.local(config, layers(), index -> slides && index >= from);
        this.window = config.size(config.size("max_position_embeddings"), "sliding_window");
        this.wide = config.flag(true, "is_causal") ? AttentionWindow.BEFORE : AttentionWindow.ALL;
        if (wide == AttentionWindow.ALL && isLocal.contains(true)) {
            throw config.refuse("is_causal is false and some layers see only a window, which is not supported");
        }
    }

    @Override
    double shift() {
        return 0;
    }

    @Override
    protected Value embeddings(Network network) {
        return network.embedding(anchor(), vocabulary(), width(), network.ids());
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "layers." + index + ".";
        String self = layer + "self_attn.";
        Value mask = network.mask(isLocal.get(index) ? new AttentionWindow(true, window - 1) : wide);
        Value seen = attended(
                network, self, norm(network, layer + "input_layernorm", x), rotary, mask, 1 / Math.sqrt(headSize()));
        Value middle = network.linearPlus(output(self), seen, x);
        Value gated = gated(network, layer, norm(network, layer + "post_attention_layernorm", middle));
        return network.linearPlus(down(layer), gated, middle);
    }
}
