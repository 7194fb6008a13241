package io.embedlake.local;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Spans;
import java.util.List;
import java.util.stream.Stream;

/** Texts on which models are tried: a word, and many lengths, languages and kinds to compare precisions on. Stateless. */
final class ProbeTexts {
    private static final String PARAGRAPH =
            "The committee met on Thursday to discuss the proposal that several members had put forward in the spring,"
                    + " and after a long debate about its cost it asked the office to prepare a second version, with a"
                    + " plan for the first three years, an estimate of what could go wrong, and a list of those who"
                    + " would have to be heard before anything is decided. ";

    /** Those for precisions. */
    static final List<String> ALL = Stream.of(
                    "yes",
                    "42",
                    "An invoice was paid twice.",
                    "A cat sleeps on the warm stone of the bridge.",
                    "How do I reset the password of my account?",
                    "Der Zug nach Bremen f\u00e4hrt heute nicht, weil die Strecke gesperrt ist.",
                    "Le march\u00e9 ouvre \u00e0 sept heures et ferme avant midi.",
                    "\u041f\u043e\u0435\u0437\u0434 \u043e\u043f\u043e\u0437\u0434\u0430\u043b \u043d\u0430"
                            + " \u0434\u0432\u0430 \u0447\u0430\u0441\u0430.",
                    "\u4eca\u65e5\u306f\u5929\u6c17\u304c\u826f\u3044\u3002",
                    "def area(radius): return 3.14159 * radius ** 2  # of a circle",
                    "SELECT name, count(*) FROM orders WHERE paid = 1 GROUP BY name HAVING count(*) > 3",
                    "2026-03-14T09:26:53Z WARN disk 91.7 % full, 12,044 files below /data/in",
                    "The shares fell by 3.4 percent after the report; analysts had expected a profit of 1.2 billion.",
                    "Protein folding, enzyme kinetics and the thermodynamics of binding.",
                    "!!! ??? ... --- ***",
                    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
                    PARAGRAPH,
                    PARAGRAPH.repeat(2),
                    PARAGRAPH.repeat(4) + "The rest was left for another day.",
                    "Once more: " + PARAGRAPH + "Nobody objected.",
                    "Water boils at 100 degrees at sea level and at 93 on a mountain of two thousand metres.",
                    "My order has not arrived and nobody answers the phone. I want my money back!",
                    "Thank you, everything came in time and the quality is excellent.",
                    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor")
            .toList();

    private static final String WORD = "probe";

    private ProbeTexts() {}

    /** The length of a session's vectors, found by embedding a word. */
    static int dimension(EmbeddingSession session) {
        EncodedInput word = session.encode(WORD);
        return session.embed(List.of(word)).get(0).length
                / word.spans().map(Spans::count).orElse(1);
    }
}
