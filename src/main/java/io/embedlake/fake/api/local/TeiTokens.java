package io.embedlake.fake.api.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.settings.RoughTokens;
import java.util.ArrayList;
import java.util.List;

/** The tokens of texts as text-embeddings-inference shows them: those of {@link RoughTokens} between two special ones. Stateless. */
final class TeiTokens {
    private static final String BEGIN = "[CLS]";
    private static final String END = "[SEP]";
    private static final int SPECIAL = 2;

    private TeiTokens() {}

    static int count(String text) {
        return RoughTokens.spans(text).size() + SPECIAL;
    }

    /** The tokens of a text, cut to so many. */
    static List<String> words(String text, int most) {
        List<String> words = new ArrayList<>(List.of(BEGIN));
        RoughTokens.spans(text).stream().limit(most - SPECIAL).forEach(span -> words.add(word(text, span)));
        words.add(END);
        return words;
    }

    /** The tokens of a text with their places, in code points. */
    static ArrayNode json(String text, boolean special) {
        ArrayNode tokens = Json.array();
        if (special) {
            add(tokens, 101, BEGIN);
        }
        for (RoughTokens.Span span : RoughTokens.spans(text)) {
            String word = word(text, span);
            tokens.addObject()
                    .put("id", 1000 + (word.hashCode() & 0x3FFF))
                    .put("text", word)
                    .put("special", false)
                    .put("start", text.codePointCount(0, span.start()))
                    .put("stop", text.codePointCount(0, span.stop()));
        }
        if (special) {
            add(tokens, 102, END);
        }
        return tokens;
    }

    private static void add(ArrayNode tokens, int id, String text) {
        tokens.addObject()
                .put("id", id)
                .put("text", text)
                .put("special", true)
                .putNull("start")
                .putNull("stop");
    }

    private static String word(String text, RoughTokens.Span span) {
        return text.substring(span.start(), span.stop());
    }
}
