package io.embedlake.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Turns YAML text into a {@link Tree}; what it cannot take becomes a problem. Confined to one thread.
 *
 * @param origins what to call a line, counted from 1
 * @param problems where to put what is wrong
 */
record YamlReader(IntFunction<Origin> origins, Problems problems) {
    /** Far more than any job needs, and little enough to read at once. */
    static final int MAX_CHARACTERS = 1 << 20;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_ALIASES = 20;
    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP, Tag.ENV_TAG);

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();

    /** The tree of the text at this path; empty when there is no text or it cannot be parsed. */
    Optional<Tree> read(String yaml, String path) {
        try {
            requireModestDepth(yaml);
            return new Compose(SETTINGS).composeString(yaml).map(node -> tree(node, path, origin(node.getStartMark())));
        } catch (MarkedYamlEngineException e) {
            problems.add(origin(e.getProblemMark()), path, "is not YAML: " + sentence(e));
        } catch (ReaderException e) {
            long line = 1
                    + yaml.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            problems.add(
                    origins.apply((int) line),
                    path,
                    "is not YAML: the character U+%04X is not allowed".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.add(origins.apply(1), path, "is not YAML: " + oneLine(e.getMessage()));
        }
        return Optional.empty();
    }

    /** Composing recurses, parsing does not: so the depth is checked before it can overflow the stack. */
    private static void requireModestDepth(String yaml) {
        int depth = 0;
        for (Event event : new Parse(SETTINGS).parseString(yaml)) {
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                throw new YamlEngineException("lists and groups are nested more than " + MAX_DEPTH + " deep");
            }
        }
    }

    private Tree tree(Node node, String path, Origin origin) {
        if (node.isRecursive()) {
            throw new YamlEngineException("an alias refers to the value it is part of");
        }
        if (!TAGS.contains(node.getTag())) {
            problems.add(origin, path, "has the tag " + node.getTag() + " (a job file knows no tags). Remove the tag.");
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, path, origin);
        }
        if (node instanceof SequenceNode sequence) {
            List<Tree> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(tree(item, path + "[" + items.size() + "]", origin(item.getStartMark())));
            }
            return new Tree.Sequence(items, origin);
        }
        return new Tree.Scalar(((ScalarNode) node).getValue(), node.getTag().equals(Tag.NULL), origin);
    }

    private Tree mapping(MappingNode node, String path, Origin origin) {
        Map<String, Tree> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Origin at = origin(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(at, path, "has a key that is a list or a group (keys are names)");
                continue;
            }
            String name = key.getValue();
            String keyPath = path.isEmpty() ? name : path + "." + name;
            Tree value = tree(tuple.getValueNode(), keyPath, at);
            Tree first = entries.putIfAbsent(name, value);
            if (first != null) {
                problems.add(at, keyPath, "is given twice (first at " + first.origin() + "). Remove one.");
            }
        }
        return new Tree.Mapping(entries, origin);
    }

    private Origin origin(Optional<Mark> mark) {
        return origins.apply(mark.map(at -> at.getLine() + 1).orElse(1));
    }

    private static String sentence(MarkedYamlEngineException e) {
        String context = e.getContext() == null || e.getContext().isEmpty() ? "" : e.getContext() + ", ";
        String problem = e.getProblem();
        int remark = problem.indexOf(" that cannot start any token");
        return oneLine(context
                + (remark < 0
                        ? problem
                        : problem.substring(0, remark) + " at the start of a value." + " Put the value in quotes."));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
