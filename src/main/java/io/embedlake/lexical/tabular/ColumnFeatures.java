package io.embedlake.lexical.tabular;

import io.embedlake.reduce.SealedBytes;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a column adds to the features of a row. Implementations are immutable and thread-safe. */
sealed interface ColumnFeatures permits NumericColumn, CategoricalColumn, ArrayColumn {
    /** How many deviations a number counts at most: one outlier must not rule a row. */
    float LIMIT = 5;

    /** Its name, which is {@link JsonRow#WHOLE} for a row that is an array. */
    String name();

    /** How many features it adds. */
    int width();

    /** Writes the features of a row that lacks the column over zeros. */
    void missing(float[] features, int at);

    /**
     * Writes the features of a cell over zeros.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when the cell is of another kind than those that it was fitted on
     */
    void write(Cell cell, float[] features, int at);

    /** The number of its kind, its name and what was fitted. */
    byte[] toBytes();

    /** Reads what {@link #toBytes} gave. */
    static ColumnFeatures read(ByteBuffer from) {
        byte kind = from.get();
        String name = string(from);
        return switch (kind) {
            case NumericColumn.KIND -> NumericColumn.read(name, from);
            case CategoricalColumn.KIND -> CategoricalColumn.read(name, from);
            case ArrayColumn.KIND -> ArrayColumn.read(name, from);
            default -> throw new IllegalArgumentException("a column of the unknown kind " + kind);
        };
    }

    /** The number in deviations from the mean, within the limit; 0 where nothing varied. */
    static float standardize(double value, double mean, double deviation) {
        return deviation == 0 ? 0 : (float) Math.max(-LIMIT, Math.min(LIMIT, (value - mean) / deviation));
    }

    /** The refusal of a cell. */
    static EmbedlakeException refuse(String column, Cell cell, String known) {
        return JsonRow.refuse(
                JsonRow.named(column) + " holds " + cell.kind() + ", and the model was fitted on " + known);
    }

    /** A text as its UTF-8 bytes after their count. */
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a text. */
    static String string(ByteBuffer from) {
        return new String(SealedBytes.bytes(from), StandardCharsets.UTF_8);
    }
}
