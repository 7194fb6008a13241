package io.embedlake.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One group of keys as a job file gives it: reads values by their declared keys, defaults included. What is wrong becomes a
 * problem, and then there is no value; a group that is something else is one problem, and silent from then on. Confined to
 * one thread.
 */
record Section(Optional<Map<String, Tree>> entries, Origin origin, String path, String group, Reading reading) {
    /** What is in the group; nothing at all when it is something else. */
    private static Section of(Tree tree, String path, String group, Reading reading) {
        if (tree instanceof Tree.Mapping mapping) {
            Section section = new Section(Optional.of(mapping.entries()), tree.origin(), path, group, reading);
            section.refuseUnknownKeys(mapping);
            return section;
        }
        reading.refuseKind(tree, path, "a group of keys");
        return new Section(Optional.empty(), tree.origin(), path, group, reading);
    }

    /** The whole file. */
    static Section root(Tree tree, Reading reading) {
        return of(tree, "", "", reading);
    }

    /** The group of this name; one without keys when it is not given. */
    Section group(String name) {
        if (entries.isEmpty()) {
            return new Section(entries, origin, pathOf(name), groupOf(name), reading);
        }
        Tree tree = entries.get().getOrDefault(name, new Tree.Mapping(Map.of(), origin));
        return of(tree, pathOf(name), groupOf(name), reading);
    }

    /** The groups of the list of this name, which must have at least one. */
    List<Section> items(String name) {
        List<Section> items = new ArrayList<>();
        entries.ifPresent(given -> {
            Tree tree = given.get(name);
            if (tree == null) {
                reading.refuse(origin, pathOf(name), "is missing (a list of at least one)");
            } else if (!(tree instanceof Tree.Sequence list)) {
                reading.refuseKind(tree, pathOf(name), "a list");
            } else if (list.items().isEmpty()) {
                reading.refuse(tree.origin(), pathOf(name), "is an empty list (at least one)");
            } else {
                for (Tree item : list.items()) {
                    String itemPath = pathOf(name) + "[" + items.size() + "]";
                    items.add(of(item, itemPath, groupOf(name) + "[]", reading));
                }
            }
        });
        return items;
    }

    /** Whether the key is given, rightly or wrongly. */
    boolean has(Key<?> key) {
        return entries.filter(given -> given.containsKey(nameOf(key))).isPresent();
    }

    /** The key's value as given, else its default, else nothing. */
    <T> Optional<T> value(Key<T> key) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        Tree given = entries.get().get(nameOf(key));
        if (given != null) {
            if (key.scope() instanceof Key.Scope.OnlyWith<?> scope) {
                refuseOutside(scope, key);
            }
            return key.type().read(given, pathOf(key.name()), reading);
        }
        if (key.isRequired()) {
            refuse(key, "is missing, for example " + key.name() + ": " + key.example());
        }
        return key.defaultText()
                .flatMap(text -> key.type().read(new Tree.Scalar(text, false, origin), pathOf(key.name()), reading));
    }

    /** Reports a problem with a key, where it is given or else where it could be. */
    void refuse(Key<?> key, String sentence) {
        entries.map(given -> Optional.ofNullable(given.get(nameOf(key))))
                .ifPresent(
                        given -> reading.refuse(given.map(Tree::origin).orElse(origin), pathOf(key.name()), sentence));
    }

    private <V> void refuseOutside(Key.Scope.OnlyWith<V> scope, Key<?> key) {
        value(scope.other())
                .filter(value -> !scope.values().contains(value))
                .ifPresent(value -> refuse(
                        key,
                        "is not supported by " + scope.other().name() + " " + value + ". Remove it or change "
                                + pathOf(scope.other().name()) + "."));
    }

    private void refuseUnknownKeys(Tree.Mapping mapping) {
        mapping.entries().forEach((name, value) -> {
            if (Keys.children(group).stream().noneMatch(known -> known.name().equals(name))) {
                reading.refuse(value.origin(), path, Suggestion.forUnknown(name, group));
            }
        });
    }

    private String nameOf(Key<?> key) {
        if (!key.group().equals(group)) {
            throw new IllegalArgumentException(key.path() + " is no key of the group " + group);
        }
        return key.name();
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String groupOf(String name) {
        return group.isEmpty() ? name : group + "." + name;
    }
}
