package io.embedlake.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in the environment: <code>${NAME}</code>, or <code>${NAME:-default}</code> for a name that is not set or empty;
 * <code>$${</code> stands for <code>${</code>. Stateless.
 */
final class Interpolation {
    /** Matches every text that has something to fill in, and a few that have not: what an editor can check. */
    static final String PATTERN = "\\$\\{";

    private static final Pattern OPENING = Pattern.compile("\\$?\\$\\{");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\\}");

    private Interpolation() {}

    /**
     * The text with everything filled in.
     *
     * @throws IllegalArgumentException when a name is not set or a brace holds none; the message is to be read after the text
     */
    static String fill(String text, Map<String, String> environment) {
        StringBuilder filled = new StringBuilder();
        Matcher opening = OPENING.matcher(text);
        Matcher variable = VARIABLE.matcher(text);
        int done = 0;
        while (opening.find(done)) {
            filled.append(text, done, opening.start());
            if (opening.group().startsWith("$$")) {
                filled.append("${");
                done = opening.end();
                continue;
            }
            if (!variable.find(opening.start()) || variable.start() != opening.start()) {
                throw new IllegalArgumentException(
                        "opens ${ without a name and a closing brace (${NAME} or ${NAME:-default}; $${ for a plain ${)");
            }
            filled.append(value(variable, environment));
            done = variable.end();
        }
        return filled.append(text, done, text.length()).toString();
    }

    private static String value(Matcher variable, Map<String, String> environment) {
        String name = variable.group(1);
        String value = environment.get(name);
        if (variable.group(2) != null) {
            return value == null || value.isEmpty() ? variable.group(3) : value;
        }
        if (value == null) {
            throw new IllegalArgumentException("names " + name
                    + ", which the environment does not set. Set it or write ${" + name + ":-default}.");
        }
        return value;
    }
}
