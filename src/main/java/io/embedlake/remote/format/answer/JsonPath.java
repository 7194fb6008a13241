package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.common.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something stands in a reply: names and places joined by points, {@code [*]} for every element, such as
 * {@code data[*].embedding}. A {@code $} in front may be left out. Immutable.
 */
public final class JsonPath {
    private static final Pattern PATH = Pattern.compile(
            "\\$?\\.?((?:[^.\\[\\]$]+|\\[(?:\\*|\\d{1,6})\\])(?:\\.[^.\\[\\]]+|\\[(?:\\*|\\d{1,6})\\])*)");
    private static final Pattern STEP = Pattern.compile("\\[(\\*|\\d+)\\]|\\.?([^.\\[\\]]+)");
    private static final String EVERY = "*";

    private final List<String> steps = new ArrayList<>();

    private JsonPath(String steps) {
        Matcher matcher = STEP.matcher(steps);
        while (matcher.find()) {
            this.steps.add(matcher.group(1) == null ? matcher.group(2) : "[" + matcher.group(1));
        }
    }

    /**
     * Reads a path.
     *
     * @param option that holds it
     * @throws io.embedlake.spi.EmbedlakeException when it is none
     */
    public static JsonPath of(String option, String path) {
        Matcher matcher = PATH.matcher(path);
        Options.require(option, path, matcher.matches(), "a path such as data[*].embedding");
        return new JsonPath(matcher.group(1));
    }

    /** All that stands there, in order. */
    List<JsonNode> find(JsonNode root) {
        List<JsonNode> found = List.of(root);
        for (String step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                if (step.equals("[" + EVERY)) {
                    node.forEach(next::add);
                } else {
                    next.add(step.startsWith("[") ? node.path(Integer.parseInt(step.substring(1))) : node.path(step));
                }
            }
            found = next;
        }
        return found;
    }
}
