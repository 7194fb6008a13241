package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.PixelFormat.Size;
import io.embedlake.local.network.Value;
import io.embedlake.local.network.Weight;
import java.util.List;
import java.util.Optional;

/**
 * DINOv2 (Oquab et al., 2023), and the same with registers (Darcet et al., 2024): positions are interpolated to the size of an image.
 * Immutable.
 */
final class Dinov2 extends ImageNetwork {
    private final PreNorm norms;
    private final int heads;
    private final int inner;
    private final boolean hasBias;
    private final boolean isGated;
    private final Activation activation;

    /**
     * A network of the family.
     *
     * @param patch the side of a patch where the config names none
     * @param registers how many registers there are
     */
    Dinov2(NetworkConfig config, int patch, int registers) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(768, "hidden_size"),
                size(config, 224, "image_size"),
                size(config, patch, "patch_size"),
                1 + registers);
        if (image().height() / patch().height() != image().width() / patch().width()) {
            throw config.refuse("image_size is " + image() + ", and only a square grid of patches is supported");
        }
        this.norms = new PreNorm(width(), config.real(1e-6, "layer_norm_eps"));
        this.heads = config.size(12, "num_attention_heads");
        config.headSize(width(), heads);
        this.isGated = config.flag(false, "use_swiglu_ffn");
        int wide = (int) (width() * config.real(4, "mlp_ratio"));
        this.inner = isGated ? (wide * 2 / 3 + 7) / 8 * 8 : wide;
        this.hasBias = config.flag(true, "qkv_bias");
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
        return "embeddings.patch_embeddings.projection.weight";
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = network.call(
                "preceded",
                patches(network, "embeddings.patch_embeddings.projection", true),
                tokens(network, "embeddings.cls_token", 1));
        Value placed = network.add(x, places(network));
        int registers = before() - 1;
        return registers == 0
                ? placed
                : network.call("inserted", placed, tokens(network, "embeddings.register_tokens", registers), 1);
    }

    /** The positions of the images' size: known when the network is loaded, or found for each batch. */
    private Value places(Network network) {
        boolean isSmooth = before() > 1;
        Weight trained = new Weight("embeddings.position_embeddings", 1, positions(image()) - before() + 1, width());
        return network.format()
                .size()
                .map(size -> network.loaded("grid_positions", List.of(trained), 1, rows(size), columns(size), isSmooth))
                .orElseGet(() -> network.call(
                        "positions_for",
                        network.pixels(),
                        network.loaded("wide", List.of(trained)),
                        1,
                        patch().height(),
                        patch().width(),
                        isSmooth));
    }

    private int rows(Size size) {
        return size.height() / patch().height();
    }

    private int columns(Size size) {
        return size.width() / patch().width();
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.attention.";
        Value attended = norms.attended(
                network,
                layer + "norm1",
                Linear.joint(width(), width(), self + "query", self + "key", self + "value")
                        .withBias(hasBias),
                joint -> network.selfAttention(joint, width(), heads, network.none()),
                Linear.of(layer + "attention.output.dense", width(), width()).scaledBy(layer + "layer_scale1.lambda1"),
                x);
        if (!isGated) {
            return norms.widened(
                    network,
                    layer + "norm2",
                    Linear.of(layer + "mlp.fc1", width(), inner),
                    activation,
                    Linear.of(layer + "mlp.fc2", inner, width()).scaledBy(layer + "layer_scale2.lambda1"),
                    attended);
        }
        Value joint = network.linear(
                Linear.of(layer + "mlp.weights_in", width(), 2 * inner),
                network.layerNorm(layer + "norm2", attended, width(), norms.epsilon()));
        return network.linearPlus(
                Linear.of(layer + "mlp.weights_out", inner, width()).scaledBy(layer + "layer_scale2.lambda1"),
                network.call("swiglu", joint),
                attended);
    }

    @Override
    protected Value end(Network network, Value x) {
        return network.layerNorm("layernorm", x, width(), norms.epsilon());
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return Optional.of(network.call("torch.select", last, 1, 0));
    }
}
