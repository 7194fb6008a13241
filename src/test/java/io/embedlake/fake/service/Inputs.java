package io.embedlake.fake.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The texts of a call with their tokens. Immutable.
 *
 * @param tokens of each text
 */
public record Inputs(List<String> texts, List<Integer> tokens) {
    public Inputs {
        texts = List.copyOf(texts);
        tokens = List.copyOf(tokens);
    }

    /** Texts whose tokens are counted. */
    public static Inputs of(List<String> texts, ToIntFunction<String> counter) {
        return new Inputs(texts, texts.stream().map(counter::applyAsInt).toList());
    }

    /** A text or a list of texts; nothing where it is something else. */
    public static Optional<Inputs> ofTexts(JsonNode input, ToIntFunction<String> counter) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : input.isArray() ? input : List.of(input)) {
            if (!text.isTextual()) {
                return Optional.empty();
            }
            texts.add(text.textValue());
        }
        return Optional.of(of(texts, counter));
    }

    /** A text, texts, the numbers of one text's tokens, or of several; nothing where it is something else. */
    public static Optional<Inputs> ofTextsOrTokens(JsonNode input, ToIntFunction<String> counter) {
        if (input.isArray() && input.size() > 0 && input.get(0).isInt()) {
            return tokenised(List.of(input));
        }
        if (input.isArray() && input.size() > 0 && input.get(0).isArray()) {
            List<JsonNode> lists = new ArrayList<>();
            input.forEach(lists::add);
            return tokenised(lists);
        }
        return ofTexts(input, counter);
    }

    private static Optional<Inputs> tokenised(List<JsonNode> lists) {
        List<String> texts = new ArrayList<>();
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode list : lists) {
            for (JsonNode token : list) {
                if (!token.isInt()) {
                    return Optional.empty();
                }
            }
            // There is no vocabulary here: the same numbers are the same text, and no other.
            texts.add(list.toString());
            tokens.add(list.size());
        }
        return Optional.of(new Inputs(texts, tokens));
    }

    /** The tokens of all texts. */
    public long sum() {
        return tokens.stream().mapToLong(Integer::longValue).sum();
    }

    /** The tokens of the longest text. */
    public int longest() {
        return tokens.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** The place of the first empty text. */
    public Optional<Integer> empty() {
        int place = texts.indexOf("");
        return place < 0 ? Optional.empty() : Optional.of(place);
    }

    /** As if texts had been cut to so many tokens. */
    public Inputs cutTo(int most) {
        return new Inputs(
                texts, tokens.stream().map(count -> Math.min(count, most)).toList());
    }
}
