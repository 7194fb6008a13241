package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SuggestionTest {
    static Stream<Key<?>> keys() {
        return Keys.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyTypingMistakeLeadsBackToItsKey(Key<?> key) {
        List<String> siblings =
                Keys.children(key.group()).stream().map(Keys.Entry::name).collect(Collectors.toList());
        for (String mistake : mistakes(key.name())) {
            if (Keys.called(mistake).isEmpty()) {
                String guess = Suggestion.nearest(mistake, siblings).orElse("(none)");
                assertEquals(
                        Suggestion.distance(mistake, key.name()),
                        Suggestion.distance(mistake, guess),
                        () -> mistake + " was taken for " + guess);
                assertTrue(Suggestion.forUnknown(mistake, key.group()).endsWith("; did you mean " + guess + "?"));
            }
        }
    }

    /** The name with a letter lost, doubled, replaced, swapped with the next, or written in another style. */
    private static Set<String> mistakes(String name) {
        List<String> mistakes = new ArrayList<>();
        for (int i = 0; i < name.length(); i++) {
            String head = name.substring(0, i);
            String tail = name.substring(i + 1);
            mistakes.add(head + tail);
            mistakes.add(head + name.charAt(i) + name.charAt(i) + tail);
            mistakes.add(head + "q" + tail);
            if (!tail.isEmpty()) {
                mistakes.add(head + tail.charAt(0) + name.charAt(i) + tail.substring(1));
            }
        }
        mistakes.add(name.toUpperCase(java.util.Locale.ROOT));
        mistakes.add(name.replace('-', '_'));
        mistakes.add(name.replace("-", ""));
        return mistakes.stream()
                .filter(mistake -> !mistake.equals(name) && mistake.length() > 1)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modle | embeddings[] | unknown key modle; did you mean model?",
                "maxTokens | embeddings[] | unknown key maxTokens; did you mean max-tokens?",
                "batch_tokens | embeddings[] | unknown key batch_tokens; did you mean batch-tokens?",
                "model | '' | unknown key model; did you mean embeddings[].model?",
                "rows | errors | unknown key rows; did you mean waves.rows?",
                "dimensions | '' | unknown key dimensions; did you mean embeddings[].dimensions or embeddings[].reduce.dimensions?",
                "reduce | '' | unknown key reduce; did you mean embeddings[].reduce?",
                "embedding | '' | unknown key embedding; did you mean embeddings?",
                "frobnicate | waves | unknown key frobnicate (known here: rows, minutes)",
                "reduce.method | embeddings[] | unknown key reduce.method (groups are nested in a file). Write reduce: {method: …}."
            })
    void saysWhatWasMeant(String name, String group, String sentence) {
        assertEquals(sentence, Suggestion.forUnknown(name, group));
    }

    @Test
    void distanceCountsEdits() {
        assertEquals(0, Suggestion.distance("max_Tokens", "max-tokens"));
        assertEquals(1, Suggestion.distance("modle", "model"));
        assertEquals(3, Suggestion.distance("kitten", "sitting"));
        assertEquals(5, Suggestion.distance("", "model"));
    }
}
