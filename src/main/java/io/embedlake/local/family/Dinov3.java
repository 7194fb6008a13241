package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** DINOv3's vision transformers (Siméoni et al., 2025): rotary positions of the patches in two directions. Immutable. */
final class Dinov3 extends ImageNetwork {
    private static final String NEWER = "model.";

    private final PreNorm norms;
    private final int heads;
    private final int headSize;
    private final int inner;
    private final Set<String> unbiased = new HashSet<>();
    private final boolean hasOutputBias;
    private final boolean hasInnerBias;
    private final boolean isGated;
    private final double base;
    private final Activation activation;

    Dinov3(NetworkConfig config) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(384, "hidden_size"),
                size(config, 224, "image_size"),
                size(config, 16, "patch_size"),
                1 + config.number(0, "num_register_tokens"));
        this.norms = new PreNorm(width(), config.real(1e-5, "layer_norm_eps"));
        this.heads = config.size(6, "num_attention_heads");
        this.headSize = config.headSize(width(), heads);
        if (headSize % 4 != 0) {
            throw config.refuse("its heads have " + headSize + " numbers, and rotary positions need a multiple of 4");
        }
        this.inner = config.size(1536, "intermediate_size");
        if (!config.flag(true, "query_bias")) {
            unbiased.add("q_proj");
        }
        if (!config.flag(false, "key_bias")) {
            unbiased.add("k_proj");
        }
        if (!config.flag(true, "value_bias")) {
            unbiased.add("v_proj");
        }
        this.hasOutputBias = config.flag(true, "proj_bias");
        this.hasInnerBias = config.flag(true, "mlp_bias");
        this.isGated = config.flag(false, "use_gated_mlp");
        this.base = config.real(config.group("rope_parameters").real(100, "rope_theta"), "rope_theta");
        this.activation = config.activation("gelu", "hidden_act");
    }

    @Override
    public boolean takesOtherSizes() {
        return true;
    }

    /** The class token of the last layer, which is its pooled output too. */
    @Override
    public Usual usual() {
        return Usual.FIRST;
    }

    @Override
    public String anchor() {
        return "embeddings.patch_embeddings.weight";
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = patches(network, "embeddings.patch_embeddings", true);
        if (before() > 1) {
            x = network.call("preceded", x, tokens(network, "embeddings.register_tokens", before() - 1));
        }
        return network.call("preceded", x, tokens(network, "embeddings.cls_token", 1));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String older = "layer." + index + ".";
        String layer = network.parameters().has(NEWER + older + "norm1.weight") ? NEWER + older : older;
        String self = layer + "attention.";
        Set<String> without = new HashSet<>();
        unbiased.forEach(name -> without.add(self + name));
        Value attended = norms.attended(
                network,
                layer + "norm1",
                Linear.joint(width(), width(), self + "q_proj", self + "k_proj", self + "v_proj")
                        .withoutBiasOf(without),
                joint -> seen(network, joint),
                Linear.of(self + "o_proj", width(), width())
                        .withBias(hasOutputBias)
                        .scaledBy(layer + "layer_scale1.lambda1"),
                x);
        Linear up = Linear.of(layer + "mlp.up_proj", width(), inner).withBias(hasInnerBias);
        Linear down = Linear.of(layer + "mlp.down_proj", inner, width())
                .withBias(hasInnerBias)
                .scaledBy(layer + "layer_scale2.lambda1");
        if (!isGated) {
            return norms.widened(network, layer + "norm2", up, activation, down, attended);
        }
        Value normed = network.layerNorm(layer + "norm2", attended, width(), norms.epsilon());
        Value gate = network.linear(
                Linear.of(layer + "mlp.gate_proj", width(), inner).withBias(hasInnerBias), normed, activation);
        return network.linearPlus(down, network.multiply(gate, network.linear(up, normed)), attended);
    }

    private Value seen(Network network, Value joint) {
        Value angles = network.once(
                "angles",
                () -> network.call(
                        "grid_angles", network.pixels(), before(), patch().height(), patch().width(), headSize, base));
        return network.attend(
                network.call("rotate", network.heads(joint, 0, heads, headSize), angles),
                network.call("rotate", network.heads(joint, width(), heads, headSize), angles),
                network.heads(joint, 2 * width(), heads, headSize),
                network.none(),
                headSize);
    }

    @Override
    protected Value end(Network network, Value x) {
        return network.layerNorm("norm", x, width(), norms.epsilon());
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return Optional.of(network.call("torch.select", last, 1, 0));
    }
}
