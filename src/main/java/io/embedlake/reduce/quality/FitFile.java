package io.embedlake.reduce.quality;

import io.embedlake.reduce.AutoencoderReducer;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.Reduction;
import io.embedlake.reduce.SealedBytes;
import io.embedlake.reduce.Truncation;
import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.reduce.quantize.ByteScales;
import io.embedlake.reduce.quantize.Codebooks;
import io.embedlake.reduce.quantize.Quantizer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A fitted reduction that is kept outside of a store. Immutable.
 *
 * <p>As bytes: {@link SealedBytes} named {@code ELFR}, version 1, with the length of the vectors (int), the size of the sample (long), the
 * variance kept and the squared error (doubles), the quality (a byte 1, its three ints and five doubles; a byte 0 where there is none), the
 * reducer (a byte: 0 none, 1 truncation, 2 projection, 3 autoencoder; then what it needs) and the quantizer (a byte: 0 none, 1 scales, 2
 * codebooks; then what it needs).
 *
 * @param inputDimensions the length of the vectors that it is for
 */
public record FitFile(int inputDimensions, Fit fit) {
    private static final String NAME = "ELFR";
    private static final String WHAT = "a fitted reduction";
    private static final int VERSION = 1;

    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;
    private static final byte TRUNCATION = 1;
    private static final byte PROJECTION = 2;
    private static final byte AUTOENCODER = 3;
    private static final byte SCALES = 1;
    private static final byte CODEBOOKS = 2;

    private static final int FIGURES = Integer.BYTES + Long.BYTES + 2 * Double.BYTES + 1;
    private static final int QUALITY = 3 * Integer.BYTES + 5 * Double.BYTES;

    public FitFile {
        Objects.requireNonNull(fit);
        if (inputDimensions < 1) {
            throw new IllegalArgumentException("vectors of " + inputDimensions + " values");
        }
    }

    /** The bytes that {@link #of} reads. */
    public byte[] toBytes() {
        byte[] reducer = bytes(fit.reduction().reducer());
        byte[] quantizer = fit.reduction().quantizer().map(FitFile::bytes).orElse(new byte[] {ABSENT});
        ByteBuffer content = SealedBytes.buffer(
                FIGURES + (fit.quality().isPresent() ? QUALITY : 0) + reducer.length + quantizer.length);
        content.putInt(inputDimensions).putLong(fit.sampleRows());
        content.putDouble(fit.varianceKept()).putDouble(fit.squaredError());
        content.put(fit.quality().isPresent() ? PRESENT : ABSENT);
        fit.quality().ifPresent(quality -> put(quality, content));
        content.put(reducer).put(quantizer);
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The reduction of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static FitFile of(byte[] bytes) {
        return SealedBytes.open(NAME, WHAT, VERSION, bytes, FitFile::read);
    }

    private static FitFile read(ByteBuffer from) {
        int inputDimensions = from.getInt();
        long sampleRows = from.getLong();
        double varianceKept = from.getDouble();
        double squaredError = from.getDouble();
        Optional<Quality> quality = from.get() == ABSENT ? Optional.empty() : Optional.of(quality(from));
        Reducer reducer = reducer(from);
        Reduction reduction = quantizer(from)
                .map(quantizer -> Reduction.of(reducer, quantizer))
                .orElseGet(() -> Reduction.of(reducer));
        return new FitFile(inputDimensions, new Fit(reduction, sampleRows, varianceKept, squaredError, quality));
    }

    private static void put(Quality quality, ByteBuffer to) {
        to.putInt(quality.rows()).putInt(quality.queries()).putInt(quality.bytes());
        to.putDouble(quality.recallAt1()).putDouble(quality.recallAt10()).putDouble(quality.recallAt100());
        to.putDouble(quality.reachAt100()).putDouble(quality.rankCorrelation());
    }

    private static Quality quality(ByteBuffer from) {
        return new Quality(
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getDouble(),
                from.getDouble(),
                from.getDouble(),
                from.getDouble(),
                from.getDouble());
    }

    private static byte[] bytes(Reducer reducer) {
        if (reducer instanceof PcaReducer pca) {
            return bytes(pca);
        }
        if (reducer instanceof Truncation first) {
            return SealedBytes.buffer(1 + Integer.BYTES)
                    .put(TRUNCATION)
                    .putInt(first.dimensions())
                    .array();
        }
        if (reducer instanceof AutoencoderReducer network) {
            byte[] inner = network.toBytes();
            ByteBuffer bytes =
                    SealedBytes.buffer(1 + Integer.BYTES + inner.length).put(AUTOENCODER);
            SealedBytes.putBytes(inner, bytes);
            return bytes.array();
        }
        return new byte[] {ABSENT};
    }

    /** Whether it is centered (a byte), the mean, the variances and the components, each after their count. */
    private static byte[] bytes(PcaReducer pca) {
        int length = pca.inputDimensions();
        double[] variance = pca.explainedVariance();
        ByteBuffer bytes = SealedBytes.buffer(2
                + 3 * Integer.BYTES
                + length * Float.BYTES
                + variance.length * Double.BYTES
                + pca.dimensions() * length * Float.BYTES);
        bytes.put(PROJECTION).put(pca.isCentered() ? PRESENT : ABSENT);
        putCounted(pca.mean(), bytes);
        bytes.putInt(variance.length);
        Arrays.stream(variance).forEach(bytes::putDouble);
        bytes.putInt(pca.dimensions());
        for (float[] component : pca.components()) {
            SealedBytes.putFloats(component, bytes);
        }
        return bytes.array();
    }

    private static Reducer reducer(ByteBuffer from) {
        byte kind = from.get();
        return switch (kind) {
            case ABSENT -> new NoReduction();
            case TRUNCATION -> new Truncation(from.getInt());
            case PROJECTION -> projection(from);
            case AUTOENCODER -> AutoencoderReducer.of(SealedBytes.bytes(from));
            default -> throw new IllegalArgumentException(WHAT + " with a reducer of the unknown kind " + kind);
        };
    }

    private static PcaReducer projection(ByteBuffer from) {
        boolean isCentered = from.get() != ABSENT;
        float[] mean = counted(from);
        double[] variance = new double[SealedBytes.count(from, Double.BYTES)];
        for (int i = 0; i < variance.length; i++) {
            variance[i] = from.getDouble();
        }
        float[][] components = new float[SealedBytes.count(from, mean.length * Float.BYTES)][];
        for (int i = 0; i < components.length; i++) {
            components[i] = SealedBytes.floats(mean.length, from);
        }
        PcaReducer pca = new PcaReducer(components, mean, variance);
        return isCentered ? pca.centered() : pca;
    }

    /** Scales after their count; or the number of codebooks and for each its bits (a byte) and levels. */
    private static byte[] bytes(Quantizer quantizer) {
        if (quantizer instanceof ByteScales scales) {
            float[] values = scales.scales();
            ByteBuffer bytes = SealedBytes.buffer(1 + Integer.BYTES + values.length * Float.BYTES)
                    .put(SCALES);
            putCounted(values, bytes);
            return bytes.array();
        }
        Codebooks books = (Codebooks) quantizer;
        int[] bits = books.bits();
        float[][] levels = books.levels();
        int values = Arrays.stream(levels).mapToInt(level -> level.length).sum();
        ByteBuffer bytes = SealedBytes.buffer(1 + Integer.BYTES + bits.length + values * Float.BYTES)
                .put(CODEBOOKS)
                .putInt(bits.length);
        for (int i = 0; i < bits.length; i++) {
            bytes.put((byte) bits[i]);
            SealedBytes.putFloats(levels[i], bytes);
        }
        return bytes.array();
    }

    private static Optional<Quantizer> quantizer(ByteBuffer from) {
        byte kind = from.get();
        return switch (kind) {
            case ABSENT -> Optional.empty();
            case SCALES -> Optional.of(new ByteScales(counted(from)));
            case CODEBOOKS -> Optional.of(codebooks(from));
            default -> throw new IllegalArgumentException(WHAT + " with a quantizer of the unknown kind " + kind);
        };
    }

    private static Codebooks codebooks(ByteBuffer from) {
        int[] bits = new int[SealedBytes.count(from, 1)];
        float[][] levels = new float[bits.length][];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = from.get();
            levels[i] = SealedBytes.floats(1 << bits[i], from);
        }
        return new Codebooks(bits, levels);
    }

    private static void putCounted(float[] values, ByteBuffer to) {
        to.putInt(values.length);
        SealedBytes.putFloats(values, to);
    }

    private static float[] counted(ByteBuffer from) {
        return SealedBytes.floats(SealedBytes.count(from, Float.BYTES), from);
    }
}
