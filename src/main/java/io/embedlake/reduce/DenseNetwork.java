package io.embedlake.reduce;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A small fitted network: dense layers, each of which takes what the one before gives. Immutable and thread-safe.
 *
 * <p>As bytes: {@link SealedBytes} named {@code ELDN}, version 1, with the number of layers (int) and for each its inputs, outputs and
 * activation (ints; 0 none, 1 ReLU, 2 leaky ReLU with slope 0.2), {@code inputs * outputs} weights, those of the first input first,
 * and {@code outputs} biases (floats).
 */
public final class DenseNetwork implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "ELDN";
    private static final int VERSION = 1;
    private static final int LEAST_LAYER_BYTES = 3 * Integer.BYTES + 2 * Float.BYTES;

    private final DenseLayer[] layers;

    /** A network of these layers, at least one, each as wide as the one before is long. */
    public DenseNetwork(List<DenseLayer> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network has at least one layer");
        }
        for (int i = 1; i < layers.size(); i++) {
            if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
                throw new IllegalArgumentException("layer " + i + " takes "
                        + layers.get(i).inputs() + " values, and the one before gives "
                        + layers.get(i - 1).outputs());
            }
        }
        this.layers = layers.toArray(DenseLayer[]::new);
    }

    /** The length of the vectors that go in. */
    public int inputs() {
        return layers[0].inputs();
    }

    /** The length of the vectors that come out. */
    public int outputs() {
        return layers[layers.length - 1].outputs();
    }

    /** The layers, the first one first. */
    public List<DenseLayer> layers() {
        return List.of(layers);
    }

    /**
     * The network's values.
     *
     * @param vector {@code [inputs]}; not changed
     * @return {@code [outputs]}
     * @throws IllegalArgumentException when the vector has another length
     */
    public float[] apply(float[] vector) {
        if (vector.length != inputs()) {
            throw new IllegalArgumentException("a vector of " + vector.length + " values instead of " + inputs());
        }
        float[] values = vector;
        for (DenseLayer layer : layers) {
            values = layer.apply(values);
        }
        return values;
    }

    /** The network without its last layers. */
    public DenseNetwork first(int count) {
        return new DenseNetwork(layers().subList(0, count));
    }

    /** The bytes that {@link #of} reads; equal networks have equal bytes. */
    public byte[] toBytes() {
        ByteBuffer content = SealedBytes.buffer(
                Integer.BYTES + Stream.of(layers).mapToInt(DenseLayer::bytes).reduce(0, Math::addExact));
        content.putInt(layers.length);
        for (DenseLayer layer : layers) {
            layer.write(content);
        }
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The network of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static DenseNetwork of(byte[] bytes) {
        return SealedBytes.open(NAME, "a network", VERSION, bytes, DenseNetwork::read);
    }

    private static DenseNetwork read(ByteBuffer from) {
        int count = SealedBytes.count(from, LEAST_LAYER_BYTES);
        return new DenseNetwork(
                IntStream.range(0, count).mapToObj(i -> DenseLayer.read(from)).toList());
    }
}
