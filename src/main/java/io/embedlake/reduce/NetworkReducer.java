package io.embedlake.reduce;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Makes vectors shorter with a network that takes them standardised. Immutable and thread-safe.
 *
 * <p>As bytes: {@link SealedBytes} named {@code ELNR}, version 1, with the number of dimensions (int), the mean and the deviation
 * (floats), the number of the network's bytes (int) and the network as {@link DenseNetwork} writes it.
 */
public final class NetworkReducer implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "ELNR";
    private static final int VERSION = 1;

    private final Standardization standardization;
    private final DenseNetwork network;

    /** A reducer of these two, which must take vectors of the same length. */
    public NetworkReducer(Standardization standardization, DenseNetwork network) {
        if (standardization.dimensions() != network.inputs()) {
            throw new IllegalArgumentException("a network takes " + network.inputs()
                    + " values, and its standardization " + standardization.dimensions());
        }
        this.standardization = standardization;
        this.network = network;
    }

    /** What is done to a vector before the network sees it. */
    public Standardization standardization() {
        return standardization;
    }

    /** What makes it shorter. */
    public DenseNetwork network() {
        return network;
    }

    /** The length of the vectors that go in. */
    public int inputDimensions() {
        return network.inputs();
    }

    /** The length of the vectors that come out. */
    public int dimensions() {
        return network.outputs();
    }

    /** The short vector of a full one, which is not changed. */
    public float[] reduce(float[] vector) {
        return network.apply(standardization.apply(vector));
    }

    /** The bytes that {@link #of} reads; equal reducers have equal bytes. */
    public byte[] toBytes() {
        byte[] inner = network.toBytes();
        ByteBuffer content =
                SealedBytes.buffer(2 * Integer.BYTES + (inputDimensions() + 1) * Float.BYTES + inner.length);
        content.putInt(inputDimensions());
        SealedBytes.putFloats(standardization.mean(), content);
        content.putFloat(standardization.deviation());
        SealedBytes.putBytes(inner, content);
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The reducer of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static NetworkReducer of(byte[] bytes) {
        return SealedBytes.open(NAME, "a reducer with a network", VERSION, bytes, NetworkReducer::read);
    }

    private static NetworkReducer read(ByteBuffer from) {
        float[] mean = SealedBytes.floats(SealedBytes.count(from, Float.BYTES), from);
        float deviation = from.getFloat();
        return new NetworkReducer(new Standardization(mean, deviation), DenseNetwork.of(SealedBytes.bytes(from)));
    }
}
