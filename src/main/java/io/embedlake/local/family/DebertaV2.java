package io.embedlake.local.family;

import io.embedlake.local.network.Activation;
import io.embedlake.local.network.AttentionWindow;
import io.embedlake.local.network.Linear;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import java.util.List;

/**
 * DeBERTa version 2 and 3 (He et al., 2021): attention adds to the scores what contents and relative positions say of each other.
 * Immutable.
 */
final class DebertaV2 extends TextNetwork {
    private static final String CONTENT_TO_POSITION = "c2p";
    private static final String POSITION_TO_CONTENT = "p2c";

    private final int heads;
    private final int headSize;
    private final PostNorm rest;
    private final int segments;
    private final int embeddingWidth;
    private final double epsilon;
    private final boolean hasPositions;
    private final boolean isRelative;
    private final boolean sharesProjections;
    private final boolean normsDistances;
    private final List<String> scores;
    private final int buckets;
    private final int farthest;
    private final int kernel;
    private final int groups;
    private final Activation convolution;

    DebertaV2(NetworkConfig config) {
        super(
                config,
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.size("vocab_size"),
                config.size("max_position_embeddings"));
        config.requireOneOf("is_decoder", "false");
        config.requireOneOf("attention_head_size", String.valueOf(width() / config.size("num_attention_heads")));
        this.heads = config.size("num_attention_heads");
        this.headSize = config.headSize(width(), heads);
        this.segments = config.number(0, "type_vocab_size");
        this.embeddingWidth = config.size(width(), "embedding_size");
        this.epsilon = config.real(1e-7, "layer_norm_eps");
        this.rest = new PostNorm(
                width(), config.size("intermediate_size"), epsilon, config.activation("gelu", "hidden_act"));
        this.hasPositions = config.flag(true, "position_biased_input");
        this.isRelative = config.flag(false, "relative_attention");
        this.sharesProjections = config.flag(false, "share_att_key");
        this.normsDistances =
                List.of(config.word("none", "norm_rel_ebd").split("\\|")).contains("layer_norm");
        this.scores = config.words("pos_att_type");
        if (!List.of(CONTENT_TO_POSITION, POSITION_TO_CONTENT).containsAll(scores)) {
            throw config.refuse("pos_att_type is " + scores + ", and only c2p and p2c are supported");
        }
        this.buckets = config.number(-1, "position_buckets");
        int most = config.number(-1, "max_relative_positions");
        this.farthest = most < 1 ? config.size("max_position_embeddings") : most;
        this.kernel = config.number(0, "conv_kernel_size");
        this.groups = config.size(1, "conv_groups");
        this.convolution = config.activation("tanh", "conv_act");
    }

    @Override
    public boolean hasPositionTable() {
        return hasPositions;
    }

    @Override
    protected List<String> headNames() {
        return List.of("cls.predictions.decoder.weight");
    }

    @Override
    public String secondAnchor() {
        return "embeddings.LayerNorm.weight";
    }

    @Override
    public boolean countsPadding() {
        return hasPositions;
    }

    @Override
    protected Value embeddings(Network network) {
        Value x = network.embedding("embeddings.word_embeddings.weight", vocabulary(), embeddingWidth, network.ids());
        if (hasPositions) {
            Value table = network.table("embeddings.position_embeddings.weight", positions(), embeddingWidth);
            x = network.add(x, network.call("first_rows", network.ids(), table));
        }
        if (segments > 0) {
            x = network.add(
                    x,
                    network.embedding(
                            "embeddings.token_type_embeddings.weight", segments, embeddingWidth, network.types()));
        }
        if (embeddingWidth != width()) {
            x = network.linear(
                    Linear.of("embeddings.embed_proj", embeddingWidth, width()).withoutBias(), x);
        }
        return network.call(
                "without_padding", network.layerNorm("embeddings.LayerNorm", x, width(), epsilon), network.lengths());
    }

    @Override
    protected Value layer(Network network, int index, Value x) {
        String layer = "encoder.layer." + index + ".";
        String self = layer + "attention.self.";
        Value joint = network.linear(
                Linear.joint(width(), width(), self + "query_proj", self + "key_proj", self + "value_proj"), x);
        Value queries = network.heads(joint, 0, heads, headSize);
        Value keys = network.heads(joint, width(), heads, headSize);
        Value values = network.heads(joint, 2 * width(), heads, headSize);
        double scale = 1 / Math.sqrt(headSize * (1.0 + scores.size()));
        Value bias = bias(network, self, queries, keys, scale);
        Value seen = network.attend(queries, keys, values, bias, scale);
        Value y = rest.write(network, PostNorm.Names.ofBert(layer), seen, x);
        return index == 0 && kernel > 0 ? convolved(network, x, y) : y;
    }

    /** The mask and what the relative positions add. */
    private Value bias(Network network, String self, Value queries, Value keys, double scale) {
        Value bias = network.mask(AttentionWindow.ALL);
        if (!isRelative) {
            return bias;
        }
        int span = buckets > 0 ? buckets : farthest;
        Value distances = network.once("distances", () -> network.call("distances", network.ids(), buckets, farthest));
        if (scores.contains(CONTENT_TO_POSITION)) {
            Value positions = positionHeads(network, self + (sharesProjections ? "key_proj" : "pos_key_proj"), span);
            bias = network.call(
                    "add_bias", bias, network.call("content_to_position", queries, positions, distances, span, scale));
        }
        if (scores.contains(POSITION_TO_CONTENT)) {
            Value positions =
                    positionHeads(network, self + (sharesProjections ? "query_proj" : "pos_query_proj"), span);
            bias = network.call(
                    "add_bias", bias, network.call("position_to_content", keys, positions, distances, span, scale));
        }
        return bias;
    }

    /** The embeddings of all distances through a projection, {@code [1, heads, 2 span, size]}. */
    private Value positionHeads(Network network, String projection, int span) {
        Value table = network.once("rel_embeddings", () -> {
            Value embeddings = network.weight("encoder.rel_embeddings.weight", 2L * span, width());
            Value normed =
                    normsDistances ? network.layerNorm("encoder.LayerNorm", embeddings, width(), epsilon) : embeddings;
            return network.call("torch.unsqueeze", normed, 0);
        });
        return network.heads(network.linear(Linear.of(projection, width(), width()), table), 0, heads, headSize);
    }

    private Value convolved(Network network, Value before, Value after) {
        Value y = network.call(
                "convolve",
                before,
                network.weight("encoder.conv.conv.weight", width(), width() / groups, kernel),
                network.weight("encoder.conv.conv.bias", width()),
                groups);
        Value active = network.activate(convolution, network.call("without_padding", y, network.lengths()));
        Value normed = network.layerNorm("encoder.conv.LayerNorm", network.add(after, active), width(), epsilon);
        return network.call("without_padding", normed, network.lengths());
    }
}
