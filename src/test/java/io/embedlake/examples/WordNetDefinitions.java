package io.embedlake.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads definitions from the WordNet 3.1 package: the origin of the quickstart's table. Stateless.
 *
 * <p>Formats: wndb(5WN) for {@code data.noun}, senseidx(5WN) for {@code index.sense}.
 */
public final class WordNetDefinitions {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";

    /** The categories of nouns by number, as lexnames(5WN) has them. */
    private static final List<String> CATEGORIES = List.of(
            "",
            "",
            "",
            "tops",
            "act",
            "animal",
            "artifact",
            "attribute",
            "body",
            "cognition",
            "communication",
            "event",
            "feeling",
            "food",
            "group",
            "location",
            "motive",
            "object",
            "person",
            "phenomenon",
            "plant",
            "possession",
            "process",
            "quantity",
            "relation",
            "shape",
            "state",
            "substance",
            "time");

    private static final ObjectMapper JSON = new ObjectMapper();

    private WordNetDefinitions() {}

    /**
     * A noun's meaning.
     *
     * @param synset WordNet's number of it
     * @param word its first word
     * @param category its category
     * @param definition its definition, without examples
     * @param uses how often its words were found with this meaning
     */
    public record Definition(String synset, String word, String category, String definition, int uses) {
        /** As a line of JSON. */
        public String json() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("synset", synset);
            fields.put("word", word);
            fields.put("category", category);
            fields.put("definition", definition);
            try {
                return JSON.writeValueAsString(fields);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The most used nouns of each of these categories, in the order of WordNet's numbers. */
    public static List<Definition> mostUsed(List<String> categories, int countOfEach) {
        Map<String, List<Definition>> byCategory = all().stream()
                .sorted(Comparator.comparingInt(Definition::uses).reversed().thenComparing(Definition::synset))
                .collect(Collectors.groupingBy(Definition::category));
        return categories.stream()
                .flatMap(category -> byCategory.get(category).stream().limit(countOfEach))
                .sorted(Comparator.comparing(Definition::synset))
                .collect(Collectors.toList());
    }

    /** All nouns. */
    public static List<Definition> all() {
        Map<String, Integer> uses = uses();
        List<Definition> definitions = new ArrayList<>();
        for (String line : lines("data.noun")) {
            if (line.startsWith(" ")) {
                continue;
            }
            String[] fields = line.split(" ", 6);
            String gloss = line.substring(line.indexOf(" | ") + 3).strip();
            definitions.add(new Definition(
                    "n" + fields[0],
                    fields[4].replace('_', ' '),
                    CATEGORIES.get(Integer.parseInt(fields[1])),
                    gloss.split("; \"", 2)[0].strip(),
                    uses.getOrDefault(fields[0], 0)));
        }
        return definitions;
    }

    private static Map<String, Integer> uses() {
        Map<String, Integer> uses = new HashMap<>();
        for (String line : lines("index.sense")) {
            String[] fields = line.split(" ");
            if (fields[0].contains("%1:")) {
                uses.merge(fields[1], Integer.parseInt(fields[3]), Integer::sum);
            }
        }
        return uses;
    }

    private static List<String> lines(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                WordNetDefinitions.class.getResourceAsStream(FOLDER + file), StandardCharsets.UTF_8))) {
            return reader.lines().collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
