package io.embedlake.spark.store;

import io.embedlake.config.TableRef;

/**
 * A vector column, as a store names what was fitted for it. Immutable.
 *
 * @param target the table that the vectors are published in
 * @param column the vector column
 */
public record ColumnScope(TableRef target, String column) {
    /** What {@link #text()} gives. */
    static ColumnScope parse(String text) {
        int last = text.lastIndexOf(' ');
        return new ColumnScope(TableRef.parse(text.substring(0, last)), text.substring(last + 1));
    }

    /** Names it within a store. */
    public String text() {
        return target.sql() + " " + column;
    }

    /** Such as {@code text_embedding of shop.reviews}. */
    @Override
    public String toString() {
        return column + " of " + target;
    }
}
