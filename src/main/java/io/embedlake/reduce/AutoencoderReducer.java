package io.embedlake.reduce;

import java.nio.ByteBuffer;

/**
 * Takes a vector through the narrow middle of an autoencoder (Hinton and Salakhutdinov, Reducing the Dimensionality of Data with
 * Neural Networks, 2006). The way back is kept, so that what is lost can be measured. Immutable and thread-safe.
 *
 * <p>As bytes: {@link SealedBytes} named {@code ELAE}, version 1, with the number of the encoder's bytes (int), the encoder as
 * {@link NetworkReducer} writes it, the number of the decoder's bytes (int), the decoder as {@link DenseNetwork} writes it.
 */
public final class AutoencoderReducer implements Reducer {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "ELAE";
    private static final int VERSION = 1;

    private final NetworkReducer encoder;
    private final DenseNetwork decoder;

    /** A reducer of an encoder and the decoder that takes what it gives back to standardised vectors. */
    public AutoencoderReducer(NetworkReducer encoder, DenseNetwork decoder) {
        if (decoder.inputs() != encoder.dimensions() || decoder.outputs() != encoder.inputDimensions()) {
            throw new IllegalArgumentException("a decoder of " + decoder.inputs() + " to " + decoder.outputs()
                    + " values with an encoder of " + encoder.inputDimensions() + " to " + encoder.dimensions());
        }
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /** What makes vectors shorter: all that a column needs. */
    public NetworkReducer encoder() {
        return encoder;
    }

    @Override
    public float[] reduce(float[] vector) {
        return encoder.reduce(vector);
    }

    @Override
    public double squaredError(float[] vector) {
        return squaredDistance(vector, reconstruct(vector));
    }

    /**
     * What is left of a vector when it was made short and long again.
     *
     * @param vector {@code [inputDimensions]}; not changed
     * @return {@code [inputDimensions]}
     */
    public float[] reconstruct(float[] vector) {
        return encoder.standardization().undo(decoder.apply(reduce(vector)));
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double distance = (double) a[i] - b[i];
            sum += distance * distance;
        }
        return sum;
    }

    /** The bytes that {@link #of} reads; equal reducers have equal bytes. */
    public byte[] toBytes() {
        byte[] there = encoder.toBytes();
        byte[] back = decoder.toBytes();
        ByteBuffer content = SealedBytes.buffer(2 * Integer.BYTES + there.length + back.length);
        SealedBytes.putBytes(there, content);
        SealedBytes.putBytes(back, content);
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The reducer of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static AutoencoderReducer of(byte[] bytes) {
        return SealedBytes.open(
                NAME,
                "an autoencoder",
                VERSION,
                bytes,
                from -> new AutoencoderReducer(
                        NetworkReducer.of(SealedBytes.bytes(from)), DenseNetwork.of(SealedBytes.bytes(from))));
    }
}
