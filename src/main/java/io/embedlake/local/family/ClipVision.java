package io.embedlake.local.family;

import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.Value;
import io.embedlake.local.network.Weight;
import io.embedlake.local.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * The image towers of CLIP (Radford et al., 2021) and SigLIP (Zhai et al., 2023). CLIP's takes its vector at a class token; SigLIP's, which has
 * none, by the attention of a learned probe. Immutable.
 */
final class ClipVision extends ImageNetwork {
    private static final String TOWER = "vision_model.";
    private static final String KERNEL = "embeddings.patch_embedding";

    private final ClipText.Kind kind;
    private final boolean projects;
    private final boolean hasHead;
    private final int heads;
    private final ClipLayers layers;
    private final int inner;
    private final int projected;
    private final double epsilon;

    /**
     * A tower.
     *
     * @param whole the config of the model, which has the width of CLIP's projection
     * @param config the config of the tower, which may be the same
     */
    ClipVision(ClipText.Kind kind, NetworkConfig whole, NetworkConfig config) {
        super(
                config,
                config.size(12, "num_hidden_layers"),
                config.size(768, "hidden_size"),
                size(config, 224, "image_size"),
                size(config, kind == ClipText.Kind.CLIP ? 32 : 16, "patch_size"),
                kind == ClipText.Kind.CLIP ? 1 : 0);
        this.kind = kind;
        this.projects = whole != config || whole.words("architectures").contains("CLIPVisionModelWithProjection");
        this.hasHead = kind == ClipText.Kind.SIGLIP && config.flag(true, "vision_use_head");
        this.heads = config.size(12, "num_attention_heads");
        config.headSize(width(), heads);
        this.inner = config.size(3072, "intermediate_size");
        this.projected = whole.size(config.size(512, "projection_dim"), "projection_dim");
        this.epsilon = config.real(kind == ClipText.Kind.CLIP ? 1e-5 : 1e-6, "layer_norm_eps");
        this.layers = new ClipLayers(
                new PreNorm(width(), epsilon),
                heads,
                inner,
                config.activation(kind == ClipText.Kind.CLIP ? "quick_gelu" : "gelu_pytorch_tanh", "hidden_act"));
    }

    @Override
    public Usual usual() {
        return projects ? Usual.PROJECTED : kind == ClipText.Kind.CLIP || hasHead ? Usual.POOLED : Usual.MEAN;
    }

    @Override
    public String anchor() {
        return TOWER + KERNEL + ".weight";
    }

    /** A tower that is saved alone may have its names without the tower's. */
    @Override
    public Parameters parameters(String place, Weights weights) {
        boolean isNamed = weights.names().stream().anyMatch(name -> name.endsWith(anchor()));
        return isNamed ? super.parameters(place, weights) : Parameters.of(place, weights, KERNEL + ".weight");
    }

    private static String tower(Network network) {
        return network.parameters().has(TOWER + KERNEL + ".weight") ? TOWER : "";
    }

    @Override
    protected Value embeddings(Network network) {
        String tower = tower(network);
        Value x = patches(network, tower + KERNEL, kind == ClipText.Kind.SIGLIP);
        if (before() > 0) {
            x = network.call(
                    "preceded",
                    x,
                    network.loaded("rows", List.of(new Weight(tower + "embeddings.class_embedding", width()))));
        }
        x = network.add(x, network.table(tower + "embeddings.position_embedding.weight", trainedPositions(), width()));
        return kind == ClipText.Kind.CLIP ? network.layerNorm(tower + "pre_layrnorm", x, width(), epsilon) : x;
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        return layers.write(network, tower(network) + "encoder.layers." + index + ".", x, network.none());
    }

    @Override
    protected Value end(Network network, Value x) {
        return kind == ClipText.Kind.SIGLIP
                ? network.layerNorm(tower(network) + "post_layernorm", x, width(), epsilon)
                : x;
    }

    @Override
    public Optional<Value> pooled(Network network, Value last) {
        if (kind == ClipText.Kind.CLIP) {
            return Optional.of(network.layerNorm(
                    tower(network) + "post_layernorm", network.call("torch.select", last, 1, 0), width(), epsilon));
        }
        return hasHead ? Optional.of(asked(network, tower(network) + "head.", last)) : Optional.empty();
    }

    /** The attention of a learned probe to all positions, and two linear layers. */
    private Value asked(Network network, String head, Value last) {
        int size = width() / heads;
        Weight joint = new Weight(head + "attention.in_proj_weight", 3 * width(), width());
        Weight bias = new Weight(head + "attention.in_proj_bias", 3 * width());
        Value probe = network.loaded("probe", List.of(new Weight(head + "probe", 1, 1, width()), joint, bias), heads);
        Value both = network.call(
                "linear",
                last,
                network.matrix("part", List.of(joint), width(), 3 * width()),
                network.loaded("part_of_bias", List.of(bias), width(), 3 * width()),
                "none",
                "");
        Value seen = network.attend(
                network.call("of_each", last, probe),
                network.heads(both, 0, heads, size),
                network.heads(both, width(), heads, size),
                network.none(),
                size);
        Value attended = network.linear(Linear.of(head + "attention.out_proj", width(), width()), seen);
        Value vector = layers.norms()
                .widened(
                        network,
                        head + "layernorm",
                        Linear.of(head + "mlp.fc1", width(), inner),
                        layers.activation(),
                        Linear.of(head + "mlp.fc2", inner, width()),
                        attended);
        return network.call("torch.select", vector, 1, 0);
    }

    @Override
    public Optional<Value> projected(Network network, Value last) {
        if (kind == ClipText.Kind.SIGLIP) {
            return pooled(network, last);
        }
        return network.parameters().has("visual_projection.weight")
                ? pooled(network, last)
                        .map(vector -> network.linear(
                                Linear.of("visual_projection", width(), projected)
                                        .withoutBias(),
                                vector))
                : Optional.empty();
    }
}
