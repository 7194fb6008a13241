package io.embedlake.local;

/**
 * What is put in front of every text. Immutable.
 *
 * @param prefix the words; empty for nothing
 * @param isPooled whether their tokens take part in pooling
 */
record Prompt(String prefix, boolean isPooled) {
    /** Nothing is put in front. */
    static final Prompt NONE = new Prompt("", true);

    String before(String text) {
        return prefix.isEmpty() ? text : prefix + text;
    }
}
