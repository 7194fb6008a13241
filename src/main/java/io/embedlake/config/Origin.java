package io.embedlake.config;

/**
 * Where a value was written. Immutable; files come before the command line, and lines in their order.
 *
 * @param source a file's name, or what was laid over it; empty for a job that a program builds
 * @param line the line in the file, from 1, or {@link #NO_LINE}
 */
record Origin(String source, int line) implements Comparable<Origin> {
    private static final int NO_LINE = Integer.MAX_VALUE;

    /** A value set by a program: its key identifies it. */
    static final Origin CODE = new Origin("", NO_LINE);

    /** A value given with {@code --set}. */
    static final Origin COMMAND_LINE = new Origin("--set", NO_LINE);

    /** A value that a program lays over a job file. */
    static final Origin OPTION = new Origin("option", NO_LINE);

    @Override
    public int compareTo(Origin other) {
        return Integer.compare(line, other.line);
    }

    @Override
    public String toString() {
        return line == NO_LINE ? source : source + ":" + line;
    }
}
