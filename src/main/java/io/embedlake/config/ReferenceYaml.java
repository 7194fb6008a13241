package io.embedlake.config;

import io.embedlake.config.Keys.Entry;
import io.embedlake.config.Keys.Group;
import java.util.ArrayList;
import java.util.List;

/** A job file with every key and what it means. It follows from {@link Keys}. Stateless. */
public final class ReferenceYaml {
    private static final int WIDTH = 110;
    private static final String STEP = "  ";

    private ReferenceYaml() {}

    /** The job file, which is a valid one: a key that does not go with the others is a comment. */
    public static String text() {
        List<String> lines = new ArrayList<>(List.of(
                "# yaml-language-server: $schema=embedlake.schema.json",
                "# Every key of a job file with its default, or an example where it has none. Generated from the",
                "# declaration of the keys; a test compares."));
        for (Entry child : Keys.children("")) {
            lines.add("");
            lines.addAll(lines(child, ""));
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> lines(Entry entry, String indent) {
        return entry instanceof Key<?> key ? key(key, indent) : group((Group) entry, indent);
    }

    private static List<String> key(Key<?> key, String indent) {
        List<String> lines = new ArrayList<>(
                comment(key.doc() + Wording.scope(key).map(scope -> " " + scope).orElse(""), indent));
        String rule = key.type().summary();
        lines.addAll(comment(
                Character.toUpperCase(rule.charAt(0))
                        + rule.substring(1)
                        + (key.isRequired() ? "; required." : "; default: " + Wording.absence(key) + "."),
                indent));
        lines.add(indent + (goesWithDefaults(key) ? "" : "# ") + key.name() + ": " + key.example());
        return lines;
    }

    private static boolean goesWithDefaults(Key<?> key) {
        return key.scope() instanceof Key.Scope.Always
                || key.scope() instanceof Key.Scope.OnlyWith<?> scope && scope.admitsDefault();
    }

    private static List<String> group(Group group, String indent) {
        List<String> lines = new ArrayList<>(comment(group.doc(), indent));
        lines.add(indent + group.name() + ":");
        String inner = indent + STEP + (group.isList() ? STEP : "");
        List<String> children = new ArrayList<>();
        Keys.children(group.path()).forEach(child -> children.addAll(lines(child, inner)));
        if (group.isList()) {
            startItem(children, inner);
        }
        lines.addAll(children);
        return lines;
    }

    /** Puts the dash of a list before the first key. */
    private static void startItem(List<String> lines, String indent) {
        int first = 0;
        while (lines.get(first).strip().startsWith("#")) {
            first++;
        }
        String dash = indent.substring(STEP.length()) + "- ";
        lines.set(first, dash + lines.get(first).substring(indent.length()));
    }

    private static List<String> comment(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
