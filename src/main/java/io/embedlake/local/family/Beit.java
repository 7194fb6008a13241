package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import io.embedlake.local.network.Weight;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * BEiT (Bao et al., 2021) and data2vec's vision network (Baevski et al., 2022): ViT with a bias for each distance of two patches in place of,
 * or beside, positions. Immutable.
 */
final class Beit extends ImageNetwork {
    private static final String TABLE = "relative_position_bias.relative_position_bias_table";

    private final PreNorm norms;
    private final int heads;
    private final int inner;
    private final boolean hasPositions;
    private final boolean hasBias;
    private final boolean sharesBias;
    private final boolean poolsMean;
    private final boolean hasScales;
    private final Activation activation;

    Beit(NetworkConfig config) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(768, "hidden_size"),
                size(config, 224, "image_size"),
                size(config, 16, "patch_size"),
                1);
        this.norms = new PreNorm(width(), config.real(1e-12, "layer_norm_eps"));
        this.heads = config.size(12, "num_attention_heads");
        config.headSize(width(), heads);
        this.inner = config.size(3072, "intermediate_size");
        this.hasPositions = config.flag(false, "use_absolute_position_embeddings");
        this.hasBias = config.flag(false, "use_relative_position_bias");
        this.sharesBias = config.flag(false, "use_shared_relative_position_bias");
        if (hasBias && sharesBias) {
            throw config.refuse("it has relative positions of each layer and of all of them, which is not supported");
        }
        this.poolsMean = config.flag(true, "use_mean_pooling");
        this.hasScales = config.fraction(0.1, "layer_scale_init_value") > 0;
        this.activation = config.activation("gelu", "hidden_act");
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
        return hasPositions
                ? network.add(x, network.weight("embeddings.position_embeddings", 1, trainedPositions(), width()))
                : x;
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.attention.";
        Value attended = norms.attended(
                network,
                layer + "layernorm_before",
                Linear.joint(width(), width(), self + "query", self + "key", self + "value")
                        .withoutBiasOf(Set.of(self + "key")),
                joint -> network.selfAttention(joint, width(), heads, bias(network, self)),
                scaled(Linear.of(layer + "attention.output.dense", width(), width()), layer + "lambda_1"),
                x);
        return norms.widened(
                network,
                layer + "layernorm_after",
                Linear.of(layer + "intermediate.dense", width(), inner),
                activation,
                scaled(Linear.of(layer + "output.dense", inner, width()), layer + "lambda_2"),
                attended);
    }

    private Linear scaled(Linear linear, String scale) {
        return hasScales ? linear.scaledBy(scale) : linear;
    }

    /** What is added to the scores of attention: by the table of the layer, or by that of all. */
    private Value bias(Network network, String self) {
        if (!hasBias && !sharesBias) {
            return network.none();
        }
        int rows = image().height() / patch().height();
        int columns = image().width() / patch().width();
        int distances = (2 * rows - 1) * (2 * columns - 1) + 3;
        return network.loaded(
                "window_bias",
                List.of(new Weight((sharesBias ? "encoder." : self) + TABLE, distances, heads)),
                rows,
                columns);
    }

    @Override
    protected Value end(Network network, Value x) {
        return poolsMean ? x : network.layerNorm("layernorm", x, width(), norms.epsilon());
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        if (!poolsMean) {
            return Optional.of(network.call("torch.select", last, 1, 0));
        }
        return network.parameters().has("pooler.layernorm.weight")
                ? Optional.of(network.layerNorm(
                        "pooler.layernorm",
                        network.call("torch.mean", parts(network, last), List.of(1)),
                        width(),
                        norms.epsilon()))
                : Optional.empty();
    }
}
