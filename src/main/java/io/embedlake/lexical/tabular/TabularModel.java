package io.embedlake.lexical.tabular;

import io.embedlake.lexical.FittedFile;
import io.embedlake.reduce.NetworkReducer;
import io.embedlake.reduce.SealedBytes;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What makes vectors of rows: a schema, and a network for its features. Immutable and thread-safe.
 *
 * <p>As a file: {@link SealedBytes} named {@code ELTM}, version 1, with the platform's name, the number of rows that it was fitted on
 * (long), the schema and the network, as {@link TabularSchema} and {@link NetworkReducer} write them. A name is its UTF-8 bytes, and
 * it, the schema and the network come after the number of their bytes (int).
 *
 * @param platform the name of the platform that fitted it
 * @param rows how many rows it was fitted on
 */
public record TabularModel(String platform, long rows, TabularSchema schema, NetworkReducer network) {
    private static final String NAME = "ELTM";
    private static final int VERSION = 1;

    public TabularModel {
        if (schema.width() != network.inputDimensions()) {
            throw new IllegalArgumentException("a schema of " + schema.width() + " features and a network that takes "
                    + network.inputDimensions());
        }
    }

    /** The bytes that {@link #of} reads; equal models have equal bytes. */
    public byte[] toBytes() {
        byte[] name = ColumnFeatures.utf8(platform);
        byte[] columns = schema.toBytes();
        byte[] layers = network.toBytes();
        ByteBuffer content =
                SealedBytes.buffer(3 * Integer.BYTES + Long.BYTES + name.length + columns.length + layers.length);
        SealedBytes.putBytes(name, content);
        content.putLong(rows);
        SealedBytes.putBytes(columns, content);
        SealedBytes.putBytes(layers, content);
        return SealedBytes.seal(NAME, VERSION, content.array());
    }

    /**
     * The model of these bytes.
     *
     * @throws IllegalArgumentException when they are something else, of another version or damaged
     */
    public static TabularModel of(byte[] bytes) {
        return SealedBytes.open(
                NAME,
                "a model for rows",
                VERSION,
                bytes,
                from -> new TabularModel(
                        ColumnFeatures.string(from),
                        from.getLong(),
                        TabularSchema.of(SealedBytes.bytes(from)),
                        NetworkReducer.of(SealedBytes.bytes(from))));
    }

    /**
     * Reads a model's file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read, is something else or damaged
     */
    public static TabularModel read(Path file) {
        try {
            return of(FittedFile.bytes(file));
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the fitted model " + file + " (" + e.getMessage()
                            + "). Remove the file and start the job again.",
                    e);
        }
    }
}
