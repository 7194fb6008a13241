package io.embedlake.local.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A model's {@code config.json}: its settings under their current and older names, and the errors for its defects. Immutable. */
public final class NetworkConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 100_000_000;

    private final String place;
    private final JsonNode json;

    private NetworkConfig(String place, JsonNode json) {
        this.place = place;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is not there or not a JSON object
     */
    public static NetworkConfig read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            if (json != null && json.isObject()) {
                return new NetworkConfig(file.toString(), json);
            }
        } catch (IOException e) {
            // Told below.
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the model's description " + file
                        + " (it is not there or not a JSON object). Get the model's files again, or change the key model.");
    }

    /** A description that comes with the program. */
    public static NetworkConfig of(String place, String json) {
        try {
            return new NetworkConfig(place, JSON.readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** Whether one of these is there and not null. */
    public boolean has(String... names) {
        return find(names).isPresent();
    }

    /** Whether it is there and a group or list of something. */
    public boolean hasEntries(String name) {
        return !json.path(name).isEmpty();
    }

    /** Whether it is there, if only as null. */
    public boolean mentions(String name) {
        return json.has(name);
    }

    /** A whole number greater than zero, which must be there. */
    public int size(String... names) {
        JsonNode node = find(names).orElseThrow(() -> refuse("it has no " + names[0]));
        return positive(names[0], node);
    }

    /** A whole number greater than zero. */
    public int size(int otherwise, String name) {
        return find(name).map(node -> positive(name, node)).orElse(otherwise);
    }

    /** Two whole numbers greater than zero, height and width: a single one stands for both. */
    public int[] sides(int otherwise, String name) {
        return find(name)
                .map(node -> {
                    if (node.isArray() && node.size() != 2) {
                        throw refuse(name + " is " + node + ", neither a number nor height and width");
                    }
                    return new int[] {
                        positive(name, node.isArray() ? node.get(0) : node),
                        positive(name, node.isArray() ? node.get(1) : node)
                    };
                })
                .orElseGet(() -> new int[] {otherwise, otherwise});
    }

    /** A whole number of any sign. */
    public int number(int otherwise, String... names) {
        return find(names)
                .map(node -> {
                    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                        throw refuse(names[0] + " is " + node + ", not a whole number");
                    }
                    return node.asInt();
                })
                .orElse(otherwise);
    }

    /** A finite number greater than zero. */
    public double real(double otherwise, String... names) {
        return find(names)
                .map(node -> {
                    if (!node.isNumber() || !(node.asDouble() > 0) || Double.isInfinite(node.asDouble())) {
                        throw refuse(names[0] + " is " + node + ", not a number above zero");
                    }
                    return node.asDouble();
                })
                .orElse(otherwise);
    }

    /** A finite number from zero. */
    public double fraction(double otherwise, String name) {
        return find(name)
                .map(node -> node.isNumber() && node.asDouble() == 0 ? 0.0 : real(otherwise, name))
                .orElse(otherwise);
    }

    /** A word. */
    public String word(String otherwise, String... names) {
        return find(names)
                .map(node -> {
                    if (!node.isTextual()) {
                        throw refuse(names[0] + " is " + node + ", not a word");
                    }
                    return node.asText();
                })
                .orElse(otherwise);
    }

    /** A list of words; a single text is cut at {@code |}. */
    public List<String> words(String name) {
        List<String> words = new ArrayList<>();
        find(name).ifPresent(node -> {
            if (node.isTextual()) {
                Arrays.stream(node.asText().split("\\|")).map(String::strip).forEach(words::add);
            }
            node.elements().forEachRemaining(element -> words.add(element.asText()));
        });
        return words;
    }

    /** Yes or no. */
    public boolean flag(boolean otherwise, String... names) {
        return find(names)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw refuse(names[0] + " is " + node + ", neither true nor false");
                    }
                    return node.asBoolean();
                })
                .orElse(otherwise);
    }

    /** The activation under one of these names. */
    public Activation activation(String otherwise, String... names) {
        return Activation.named(place, word(otherwise, names));
    }

    /** A group of settings; an empty one when it is not there. */
    public NetworkConfig group(String name) {
        return new NetworkConfig(place, json.path(name).isObject() ? json.path(name) : JSON.createObjectNode());
    }

    /** Refuses a setting that is there and has none of these values. */
    public void requireOneOf(String name, String... values) {
        find(name).ifPresent(node -> {
            if (!List.of(values).contains(node.asText())) {
                throw refuse(name + " is " + node + ", and only " + String.join(", ", values) + " is supported");
            }
        });
    }

    /** The size of a head of attention. */
    public int headSize(int width, int heads) {
        if (width % heads != 0) {
            throw refuse("its width " + width + " cannot be divided among " + heads + " heads of attention");
        }
        return width / heads;
    }

    /** The sentence about a network that cannot be built. */
    public EmbedlakeException refuse(String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot build the network of " + place + " (" + why + "). Change the key model.");
    }

    private int positive(String name, JsonNode node) {
        if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > MOST) {
            throw refuse(name + " is " + node + ", not a whole number from 1 to " + MOST);
        }
        return node.asInt();
    }

    private Optional<JsonNode> find(String... names) {
        return Arrays.stream(names)
                .map(json::path)
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .findFirst();
    }
}
