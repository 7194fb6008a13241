package io.embedlake.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lays {@code key=value} pairs over a job file, later ones over earlier ones. A value is YAML; that of a key that takes a text is the
 * text itself, unless it is quoted. Confined to one thread.
 *
 * @param origin where the pairs come from, for problems
 */
record Overrides(Problems problems, Origin origin) {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]\\s]+)((\\[[0-9]{1,6}])*)(\\.|$)");
    private static final Pattern INDEX = Pattern.compile("\\[([0-9]+)]");

    /** A step from a value to one inside it. */
    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}
    }

    /** A text as a value that is nothing but this text. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The tree with all values laid over it; what cannot be done becomes a problem. */
    Tree apply(Tree root, List<String> overrides) {
        Tree tree = root;
        for (String override : overrides) {
            tree = apply(tree, override);
        }
        return tree;
    }

    private Tree apply(Tree root, String override) {
        int equals = override.indexOf('=');
        if (equals < 0) {
            problems.add(origin, override, "has no value (key=value)");
            return root;
        }
        String path = override.substring(0, equals).strip();
        try {
            List<Step> steps = steps(path);
            return value(override.substring(equals + 1), path)
                    .map(value -> put(root, steps, value, ""))
                    .orElse(root);
        } catch (IllegalArgumentException e) {
            problems.add(origin, path, e.getMessage());
            return root;
        }
    }

    private static List<Step> steps(String path) {
        String free = Keys.SPARK.path() + ".";
        if (path.startsWith(free)) {
            return List.of(new Step.Name(Keys.SPARK.name()), new Step.Name(path.substring(free.length())));
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        int at = 0;
        while (matcher.find(at) && matcher.start() == at) {
            steps.add(new Step.Name(matcher.group(1)));
            for (Matcher index = INDEX.matcher(matcher.group(2)); index.find(); ) {
                steps.add(new Step.Index(Integer.parseInt(index.group(1))));
            }
            at = matcher.end();
            if (matcher.group(4).isEmpty()) {
                return steps;
            }
        }
        throw new IllegalArgumentException("is not the path of a key (such as embeddings[0].reduce.dimensions)");
    }

    private Optional<Tree> value(String text, String path) {
        boolean quoted = text.startsWith("\"") || text.startsWith("'");
        boolean verbatim = path.startsWith(Keys.SPARK.path() + ".")
                || Keys.at(INDEX.matcher(path).replaceAll("[]"))
                        .filter(key -> key.type().isVerbatim())
                        .isPresent();
        if (text.isBlank() || verbatim && !quoted) {
            return Optional.of(new Tree.Scalar(text, text.isBlank(), origin));
        }
        return new YamlReader(line -> origin, problems).read(text, path);
    }

    private Tree put(Tree into, List<Step> steps, Tree value, String walked) {
        if (steps.isEmpty()) {
            return value;
        }
        List<Step> rest = steps.subList(1, steps.size());
        if (steps.get(0) instanceof Step.Index step) {
            return putItem(into, step.index(), rest, value, walked);
        }
        String name = ((Step.Name) steps.get(0)).name();
        if (into instanceof Tree.Sequence) {
            throw new IllegalArgumentException(
                    "names no item of the list " + walked + ". Write " + walked + "[0]." + name + ".");
        }
        if (!isAbsent(into) && !(into instanceof Tree.Mapping)) {
            throw new IllegalArgumentException("has no place: " + walked + " is " + into.kind());
        }
        Map<String, Tree> entries =
                new LinkedHashMap<>(into instanceof Tree.Mapping mapping ? mapping.entries() : Map.of());
        entries.put(name, put(entries.get(name), rest, value, walked.isEmpty() ? name : walked + "." + name));
        return new Tree.Mapping(entries, origin(into));
    }

    private Tree putItem(Tree into, int index, List<Step> rest, Tree value, String walked) {
        if (!isAbsent(into) && !(into instanceof Tree.Sequence)) {
            throw new IllegalArgumentException("has no place: " + walked + " is " + into.kind() + " and no list");
        }
        List<Tree> items = new ArrayList<>(into instanceof Tree.Sequence list ? list.items() : List.of());
        if (index > items.size()) {
            throw new IllegalArgumentException("skips items (" + walked + " has " + items.size() + "). Write " + walked
                    + "[" + items.size() + "] to add one.");
        }
        Tree item = put(index < items.size() ? items.get(index) : null, rest, value, walked + "[" + index + "]");
        if (index < items.size()) {
            items.set(index, item);
        } else {
            items.add(item);
        }
        return new Tree.Sequence(items, origin(into));
    }

    private static boolean isAbsent(Tree tree) {
        return tree == null || tree instanceof Tree.Scalar scalar && scalar.isNull();
    }

    private Origin origin(Tree tree) {
        return tree == null ? origin : tree.origin();
    }
}
