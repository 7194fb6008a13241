package io.embedlake.fake.api.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.service.TokenSource;
import io.embedlake.fake.settings.RoughTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of texts as text-embeddings-inference shows them: those of a model, or else of {@link RoughTokens}, between two special ones.
 * Immutable.
 *
 * @param source the model
 */
record TeiTokens(Optional<TokenSource> source) {
    private static final String BEGIN = "[CLS]";
    private static final String END = "[SEP]";
    private static final int SPECIAL = 2;

    /** Where a token stands in its text, in UTF-16 units. */
    private record Place(int start, int stop) {}

    int count(String text) {
        return places(text).size() + SPECIAL;
    }

    private List<Place> places(String text) {
        return source.map(model -> model.tokens(text).stream()
                        .map(token -> new Place(
                                text.offsetByCodePoints(0, token.start()), text.offsetByCodePoints(0, token.stop())))
                        .toList())
                .orElseGet(() -> RoughTokens.spans(text).stream()
                        .map(span -> new Place(span.start(), span.stop()))
                        .toList());
    }

    /** The tokens of a text, cut to so many. */
    List<String> words(String text, int most) {
        List<String> words = new ArrayList<>(List.of(BEGIN));
        places(text).stream().limit(most - SPECIAL).forEach(place -> words.add(word(text, place)));
        words.add(END);
        return words;
    }

    /** The tokens of a text with their places, in bytes of its UTF-8. */
    ArrayNode json(String text, boolean special) {
        ArrayNode tokens = Json.array();
        if (special) {
            add(tokens, 101, BEGIN);
        }
        for (Place place : places(text)) {
            String word = word(text, place);
            tokens.addObject()
                    .put("id", 1000 + (word.hashCode() & 0x3FFF))
                    .put("text", word)
                    .put("special", false)
                    .put("start", bytes(text, place.start()))
                    .put("stop", bytes(text, place.stop()));
        }
        if (special) {
            add(tokens, 102, END);
        }
        return tokens;
    }

    private static int bytes(String text, int end) {
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    }

    private static void add(ArrayNode tokens, int id, String text) {
        tokens.addObject()
                .put("id", id)
                .put("text", text)
                .put("special", true)
                .putNull("start")
                .putNull("stop");
    }

    private static String word(String text, Place place) {
        return text.substring(place.start(), place.stop());
    }
}
