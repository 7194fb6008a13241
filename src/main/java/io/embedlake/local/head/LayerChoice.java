package io.embedlake.local.head;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.Value;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which hidden states make a token's vector, and how several become one (the choices of Devlin et al., BERT, 2019, table 7).
 * Immutable.
 *
 * @param layers the layers: 0 is the embeddings, 1 the first layer; -1 the last, -2 the one before it
 * @param combination what is done with several
 * @param available whether layers that a small network does not have are left out, as "the last four" of three means all
 */
public record LayerChoice(List<Integer> layers, Combination combination, boolean available) {
    /** The last layer, as almost every model is meant. */
    public static final LayerChoice LAST = new LayerChoice(List.of(-1), Combination.MEAN, false);

    private static final Pattern FORM = Pattern.compile("(?:(mean|sum|concat)\\()?(-?\\d+(?:\\s*,\\s*-?\\d+)*)\\)?");

    /** The combination of several layers. */
    public enum Combination {
        MEAN,
        SUM,
        CONCAT
    }

    public LayerChoice {
        layers = List.copyOf(layers);
    }

    /**
     * Reads a choice: {@code last}, {@code second-to-last}, {@code mean-last-four}, {@code sum-last-four}, {@code concat-last-four}, or
     * layers such as {@code -2} and {@code mean(-1,-2)}.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is anything else
     */
    public static LayerChoice parse(String text) {
        return switch (text) {
            case "last" -> LAST;
            case "second-to-last" -> new LayerChoice(List.of(-2), Combination.MEAN, false);
            case "mean-last-four" -> lastFour(Combination.MEAN);
            case "sum-last-four" -> lastFour(Combination.SUM);
            case "concat-last-four" -> lastFour(Combination.CONCAT);
            default -> list(text);
        };
    }

    private static LayerChoice lastFour(Combination combination) {
        return new LayerChoice(List.of(-4, -3, -2, -1), combination, true);
    }

    private static LayerChoice list(String text) {
        Matcher form = FORM.matcher(text.strip());
        boolean isWhole =
                form.matches() && (form.group(1) != null) == text.strip().endsWith(")");
        if (!isWhole || (form.group(1) == null && form.group(2).contains(","))) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot choose the hidden layers " + text + " (last, second-to-last, mean-last-four, sum-last-four,"
                            + " concat-last-four, a layer such as -2, or several as in mean(-1,-2), sum(1,2),"
                            + " concat(0,-1)). Correct the key layers.");
        }
        List<Integer> layers = Arrays.stream(form.group(2).split(","))
                .map(number -> Integer.parseInt(number.strip()))
                .toList();
        String combination = form.group(1) == null ? "mean" : form.group(1);
        return new LayerChoice(layers, Combination.valueOf(combination.toUpperCase(Locale.ROOT)), false);
    }

    /**
     * The layers as indices into embeddings and layers.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the network has no such layer
     */
    private List<Integer> indices(int networkLayers) {
        return layers.stream()
                .filter(layer -> !available || -layer <= networkLayers + 1)
                .map(layer -> {
                    int index = layer < 0 ? networkLayers + 1 + layer : layer;
                    if (index < 0 || index > networkLayers) {
                        throw new EmbedlakeException(
                                ErrorKind.CONFIGURATION,
                                "Cannot take the hidden layer " + layer + " (the model has " + networkLayers
                                        + " layers: 0 to " + networkLayers + ", or -1 to " + -(networkLayers + 1)
                                        + " counted from the last). Correct the key layers.");
                    }
                    return index;
                })
                .toList();
    }

    /** How many layers have to be computed. */
    int depth(int networkLayers) {
        return indices(networkLayers).stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** Whether it is the last layer alone. */
    boolean isLast(int networkLayers) {
        return indices(networkLayers).equals(List.of(networkLayers));
    }

    /** Writes the combination of these states, embeddings first. */
    Value write(Network network, List<Value> states, int networkLayers) {
        List<Value> chosen = indices(networkLayers).stream().map(states::get).toList();
        if (chosen.size() == 1) {
            return chosen.get(0);
        }
        if (combination == Combination.CONCAT) {
            return network.call("torch.cat", chosen, -1);
        }
        Value sum = IntStream.range(1, chosen.size()).mapToObj(chosen::get).reduce(chosen.get(0), network::add);
        return combination == Combination.SUM ? sum : network.call("torch.div", sum, chosen.size());
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        if (available) {
            return combination.name().toLowerCase(Locale.ROOT) + "-last-four";
        }
        String list = layers.stream().map(String::valueOf).collect(Collectors.joining(","));
        return layers.size() == 1 ? list : combination.name().toLowerCase(Locale.ROOT) + "(" + list + ")";
    }
}
