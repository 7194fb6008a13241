package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.Value;
import io.embedlake.local.weights.Weights;
import java.util.List;

/** A transformer for text. Immutable. */
public abstract class TextNetwork extends LayeredNetwork {
    private final int vocabulary;
    private final int positions;
    private final int padding;

    /** The sizes that every family has, under the names of this one. */
    protected TextNetwork(NetworkConfig config, int layers, int width, int vocabulary, int positions) {
        super(config, layers, width);
        this.vocabulary = vocabulary;
        this.positions = positions;
        this.padding = config.number(0, "pad_token_id");
    }

    /** The number of token ids. */
    public final int vocabulary() {
        return vocabulary;
    }

    /** The most tokens that a text of its training had, special ones included. */
    public final int positions() {
        return positions;
    }

    /** Whether its positions are weights, so that no text can have more tokens. */
    public boolean hasPositionTable() {
        return true;
    }

    /** The id that fills up short texts. */
    public int padding() {
        return padding;
    }

    /** Whether every text is filled up to all positions, and the filling is read like text. */
    public boolean readsPadding() {
        return false;
    }

    /** Whether padding before a text would change the positions of its tokens. */
    public boolean countsPadding() {
        return true;
    }

    /** The last token of a network that was made to predict the next one, as sentence-transformers has it. */
    @Override
    public Usual usual() {
        boolean predicts =
                config().words("architectures").stream().limit(1).anyMatch(name -> name.endsWith("ForCausalLM"))
                        && config().flag(true, "is_causal");
        return predicts ? Usual.LAST : Usual.MEAN;
    }

    /** The word embeddings. */
    @Override
    public String anchor() {
        return "embeddings.word_embeddings.weight";
    }

    @Override
    public final Parameters parameters(String place, Weights weights) {
        List<String> shared = config().flag(true, "tie_word_embeddings") ? headNames() : List.of();
        return Parameters.of(place, weights, anchor(), secondAnchor(), shared);
    }

    /**
     * The names of the weights of the heads of this family that share the word embeddings: a checkpoint of a task model may have them under
     * one of these alone.
     */
    protected List<String> headNames() {
        return List.of();
    }

    /** A parameter beside the word embeddings that every checkpoint of the family has. */
    public String secondAnchor() {
        return "embeddings.position_embeddings.weight";
    }

    @Override
    public final Value first(Network network, Value state) {
        return network.starts();
    }

    @Override
    public final Value count(Network network, Value state) {
        return network.lengths();
    }

    /** Refuses what would change the network's shape and is built by none of the families. */
    static void requireEncoder(NetworkConfig config) {
        config.requireOneOf("is_decoder", "false");
        config.requireOneOf("add_cross_attention", "false");
        config.requireOneOf("position_embedding_type", "absolute");
    }
}
