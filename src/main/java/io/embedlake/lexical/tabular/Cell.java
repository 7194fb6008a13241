package io.embedlake.lexical.tabular;

/** What a row has in a column, where it has something. Immutable by convention. */
sealed interface Cell {
    /** What a message calls it. */
    String kind();

    /**
     * A number.
     *
     * @param value finite
     * @param text the number as written
     */
    record Number(double value, String text) implements Cell {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** A text or a flag. */
    record Text(String text) implements Cell {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** What Spark writes for a number that JSON has none for, such as NaN: missing, in a column of numbers. */
    record NoNumber(String text) implements Cell {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** Numbers, of which those that are missing are not a number. */
    record Numbers(double[] values) implements Cell {
        @Override
        public String kind() {
            return "an array of " + values.length;
        }
    }
}
