package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Value;
import io.embedlake.spi.EmbedlakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transformer for text, built from its config: holds its sizes and writes its layers. Immutable. A family is a subclass; it refuses in
 * its constructor every setting that it does not build.
 */
public abstract class TextNetwork {
    private final NetworkConfig config;
    private final int layers;
    private final int width;
    private final int vocabulary;
    private final int positions;
    private final int padding;

    /** The sizes that every family has, under the names of this one. */
    protected TextNetwork(NetworkConfig config, int layers, int width, int vocabulary, int positions) {
        this.config = config;
        this.layers = layers;
        this.width = width;
        this.vocabulary = vocabulary;
        this.positions = positions;
        this.padding = config.number(0, "pad_token_id");
    }

    /** The number of layers. */
    public final int layers() {
        return layers;
    }

    /** The width of a hidden state. */
    public final int width() {
        return width;
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

    /** Whether it is the text tower of a model that compares texts with other kinds of data. */
    public boolean comparesTexts() {
        return false;
    }

    /** Whether it was made to predict the next token. */
    public boolean predictsText() {
        return config.words("architectures").stream().limit(1).anyMatch(name -> name.endsWith("ForCausalLM"))
                && config.flag(true, "is_causal");
    }

    /** The word embeddings, by their name in the base model. */
    public String anchor() {
        return "embeddings.word_embeddings.weight";
    }

    /**
     * The names under which a checkpoint of a task model may have the word embeddings, when it keeps only one of the names of a
     * tensor that two layers share; empty when the two are not shared.
     */
    public final List<String> sharedNames() {
        return config.flag(true, "tie_word_embeddings") ? headNames() : List.of();
    }

    /** The names of the weights of the heads of this family that share the word embeddings. */
    protected List<String> headNames() {
        return List.of();
    }

    /** A parameter beside the word embeddings that every checkpoint of the family has. */
    public String secondAnchor() {
        return "embeddings.position_embeddings.weight";
    }

    /** The hidden state before the first layer, {@code [B, L, width]}. */
    protected abstract Value embeddings(Network network);

    /** The hidden state after a layer. */
    protected abstract Value layer(Network network, int index, Value x);

    /** What follows the last layer, such as a last norm. */
    protected Value end(Network network, Value x) {
        return x;
    }

    /** The network's own vector of a text, where it was trained with one: {@code [B, H]} from the last hidden state. */
    public Optional<Value> pooled(Network network, Value last) {
        return Optional.empty();
    }

    /** The vector that the network compares with those of other kinds of data, where it has one: {@code [B, H]}. */
    public Optional<Value> projected(Network network, Value last) {
        return Optional.empty();
    }

    /** The error for something that this network does not support. */
    public final EmbedlakeException refuse(String why) {
        return config.refuse(why);
    }

    /**
     * Writes the network as far as it is needed.
     *
     * @param depth how many layers
     * @return the embeddings and the hidden state after each layer; after the last layer of all the {@linkplain #end end} too
     */
    public final List<Value> write(Network network, int depth) {
        List<Value> states = new ArrayList<>();
        Value x = embeddings(network);
        states.add(x);
        for (int index = 0; index < depth; index++) {
            x = layer(network, index, x);
            states.add(index == layers - 1 ? end(network, x) : x);
        }
        return states;
    }

    /** Refuses what would change the network's shape and is built by none of the families. */
    static void requireEncoder(NetworkConfig config) {
        config.requireOneOf("is_decoder", "false");
        config.requireOneOf("add_cross_attention", "false");
        config.requireOneOf("position_embedding_type", "absolute");
    }
}
