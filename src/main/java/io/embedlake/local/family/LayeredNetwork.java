package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.Value;
import io.embedlake.local.weights.Weights;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transformer, built from its config: holds its sizes and writes its layers. Immutable. A family is a subclass; it refuses in its
 * constructor every setting that it does not build.
 */
public abstract class LayeredNetwork {
    private final NetworkConfig config;
    private final int layers;
    private final int width;

    LayeredNetwork(NetworkConfig config, int layers, int width) {
        this.config = config;
        this.layers = layers;
        this.width = width;
    }

    /** What its makers take as the vector of an input. */
    public enum Usual {
        /** The mean of the last layer. */
        MEAN,
        /** The first position of the last layer. */
        FIRST,
        /** The last position of the last layer. */
        LAST,
        /** {@link LayeredNetwork#pooled}. */
        POOLED,
        /** {@link LayeredNetwork#projected}. */
        PROJECTED
    }

    /** The number of layers. */
    public final int layers() {
        return layers;
    }

    /** The width of a hidden state. */
    public final int width() {
        return width;
    }

    final NetworkConfig config() {
        return config;
    }

    /** What is pooled of its last layer where nobody says anything else. */
    public Usual usual() {
        return Usual.MEAN;
    }

    /** A parameter that every network of the family has, by its name in the base model. */
    public abstract String anchor();

    /**
     * Its parameters in a checkpoint.
     *
     * @param place where the checkpoint is, for messages
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the anchor is not there, or is there several times
     */
    public Parameters parameters(String place, Weights weights) {
        return Parameters.of(place, weights, anchor());
    }

    /** The hidden state before the first layer, {@code [B, L, width]}. */
    protected abstract Value embeddings(Network network);

    /** The hidden state after a layer. */
    protected abstract Value layer(Network network, int index, Value x);

    /** What follows the last layer, such as a last norm. */
    protected Value end(Network network, Value x) {
        return x;
    }

    /** The first position of each input that takes part in pooling, {@code int64 [B]}. */
    public abstract Value first(Network network, Value state);

    /** How many positions each input has, {@code int64 [B]}. */
    public abstract Value count(Network network, Value state);

    /** The positions that have vectors of their own where every part of an input has one, {@code [B, parts, width]}. */
    public Value parts(Network network, Value state) {
        return state;
    }

    /** The network's own vector of an input, where it was trained with one: {@code [B, H]} from the last hidden state. */
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
}
