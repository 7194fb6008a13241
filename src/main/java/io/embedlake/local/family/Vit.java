package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.Optional;

/** ViT (Dosovitskiy et al., 2021), and DeiT (Touvron et al., 2021), which has a second token, for distillation. Immutable. */
final class Vit extends ImageNetwork {
    private final PreNorm norms;
    private final int heads;
    private final int inner;
    private final boolean hasBias;
    private final Activation activation;
    private final int pooledWidth;
    private final Activation pooledActivation;

    /**
     * A network of the family.
     *
     * @param before how many tokens stand before the patches: 1 in ViT, 2 in DeiT
     */
    Vit(NetworkConfig config, int before) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(768, "hidden_size"),
                size(config, 224, "image_size"),
                size(config, 16, "patch_size"),
                before);
        this.norms = new PreNorm(width(), config.real(1e-12, "layer_norm_eps"));
        this.heads = config.size(12, "num_attention_heads");
        config.headSize(width(), heads);
        this.inner = config.size(3072, "intermediate_size");
        this.hasBias = config.flag(true, "qkv_bias");
        this.activation = config.activation("gelu", "hidden_act");
        this.pooledWidth = config.size(width(), "pooler_output_size");
        this.pooledActivation = config.activation("tanh", "pooler_act");
    }

    @Override
    public String anchor() {
        return "embeddings.patch_embeddings.projection.weight";
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = patches(network, "embeddings.patch_embeddings.projection", true);
        if (before() == 2) {
            x = network.call("preceded", x, tokens(network, "embeddings.distillation_token", 1));
        }
        return network.add(
                network.call("preceded", x, tokens(network, "embeddings.cls_token", 1)),
                network.weight("embeddings.position_embeddings", 1, trainedPositions(), width()));
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.attention.";
        Value attended = norms.attended(
                network,
                layer + "layernorm_before",
                Linear.joint(width(), width(), self + "query", self + "key", self + "value")
                        .withBias(hasBias),
                joint -> network.selfAttention(joint, width(), heads, network.none()),
                Linear.of(layer + "attention.output.dense", width(), width()),
                x);
        return norms.widened(
                network,
                layer + "layernorm_after",
                Linear.of(layer + "intermediate.dense", width(), inner),
                activation,
                Linear.of(layer + "output.dense", inner, width()),
                attended);
    }

    @Override
    protected Value end(Network network, Value x) {
        return network.layerNorm("layernorm", x, width(), norms.epsilon());
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        return network.parameters().has("pooler.dense.weight")
                ? Optional.of(Poolers.ofFirst(
                        network, last, Linear.of("pooler.dense", width(), pooledWidth), pooledActivation))
                : Optional.empty();
    }
}
