package io.embedlake.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Guesses which key was meant. Stateless. */
final class Suggestion {
    private static final String UNKNOWN = "unknown key ";

    private Suggestion() {}

    /** Whether a message is one for a key that its group does not have: it follows the group's name behind a colon. */
    static boolean isOfUnknown(String message) {
        return message.startsWith(UNKNOWN);
    }

    /** The message for a key that its group does not have. */
    static String forUnknown(String name, String group) {
        String unknown = UNKNOWN + name;
        List<String> siblings =
                Keys.children(group).stream().map(Keys.Entry::name).collect(Collectors.toList());
        String dotted = group.isEmpty() ? name : group + "." + name;
        if (Keys.at(dotted).isPresent()) {
            return unknown + " (groups are nested in a file). Write " + name.replace(".", ": {") + ": …"
                    + "}".repeat((int) name.chars().filter(c -> c == '.').count()) + ".";
        }
        List<String> elsewhere = Keys.called(name);
        if (!elsewhere.isEmpty()) {
            return unknown + "; did you mean " + String.join(" or ", elsewhere) + "?";
        }
        return nearest(name, siblings)
                .map(known -> unknown + "; did you mean " + known + "?")
                .orElseGet(() -> unknown + " (known here: " + String.join(", ", siblings) + ")");
    }

    /** The known name that this one is likely a typing mistake of. */
    static Optional<String> nearest(String name, List<String> known) {
        int tolerance = Math.max(1, name.length() / 3);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= tolerance)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** How many letters are to be changed, added, left out or swapped with their neighbour; case and _ for - are free. */
    static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(steps[i - 1][j - 1] + change, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
