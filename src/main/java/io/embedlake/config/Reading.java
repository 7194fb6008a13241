package io.embedlake.config;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What it takes to read values: a way to fill in texts, and a place for problems. Confined to one thread.
 *
 * @param filling fills in what a text names, or throws {@link IllegalArgumentException}
 * @param problems where to put what is wrong
 */
record Reading(UnaryOperator<String> filling, Problems problems) {
    private static final int LONGEST_QUOTE = 80;

    /**
     * A text.
     *
     * @param value the text with the environment filled in
     * @param written the uninterpolated text, which may be printed
     */
    record Text(String value, String written) {}

    /** The text of a single value; anything else, or an unknown variable, becomes a problem. */
    Optional<Text> text(Tree tree, String path, String expected) {
        return scalar(tree, path, expected).flatMap(scalar -> {
            try {
                return Optional.of(new Text(filling.apply(scalar.text()), scalar.text()));
            } catch (IllegalArgumentException e) {
                refuseValue(tree, path, scalar.text(), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** An uninterpolated single value; anything else becomes a problem. */
    Optional<Tree.Scalar> scalar(Tree tree, String path, String expected) {
        if (tree instanceof Tree.Scalar scalar && !scalar.isNull()) {
            return Optional.of(scalar);
        }
        refuseKind(tree, path, expected);
        return Optional.empty();
    }

    /** Reports that something else is expected. */
    void refuseKind(Tree tree, String path, String expected) {
        boolean isNull = tree instanceof Tree.Scalar scalar && scalar.isNull();
        refuse(
                tree.origin(),
                path,
                isNull
                        ? "is empty (" + expected + " is expected). Give it a value or remove the key."
                        : "is " + tree.kind() + " (" + expected + " is expected)");
    }

    /** Reports an invalid value; the phrase describes what is wrong. */
    void refuseValue(Tree tree, String path, String written, String phrase) {
        refuse(tree.origin(), path, quote(written) + " " + phrase);
    }

    void refuse(Origin origin, String path, String sentence) {
        problems.add(origin, path, sentence);
    }

    private static String quote(String written) {
        String line = written.strip().replaceAll("\\s+", " ");
        if (line.isEmpty()) {
            return "\"" + written.replace("\n", "\\n") + "\"";
        }
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }
}
