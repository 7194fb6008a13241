package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Times the platform {@code word-vectors} on the definitions of the quickstart, on one thread, and prints a line of JSON a round.
 *
 * <p>Arguments: the work folder, the number of words, the dimension, how often each file is timed. The file of word vectors is made
 * up: the words that stand three times in the definitions come first, the most frequent one at the top; the rarer ones are scattered
 * among words that no text has. The numbers are random and have the six digits of GloVe's.
 */
public final class WordVectorsBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REPEATED = 25;
    private static final int FREQUENT = 3;
    private static final int BATCH_TOKENS = 4096;

    private WordVectorsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int words = Integer.parseInt(arguments[1]);
        int dimension = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        List<String> definitions = definitions();
        Path text = folder.resolve("vectors-" + words + "-" + dimension + ".txt");
        Path binary = folder.resolve("vectors-" + words + "-" + dimension + ".bin");
        if (Files.notExists(text) || Files.notExists(binary)) {
            write(text, binary, vocabulary(definitions, words), dimension);
        }
        List<String> texts = Collections.nCopies(REPEATED, definitions).stream()
                .flatMap(List::stream)
                .toList();
        for (int round = 0; round < rounds; round++) {
            time(text, texts);
            time(binary, texts);
        }
    }

    private static void time(Path file, List<String> texts) throws IOException {
        Platform platform = Platforms.named("word-vectors");
        EmbedderSpec spec =
                platform.describe(new EmbedderRequest(Optional.of(file.toString()), Map.of("pooling", "sif")));
        long begin = System.nanoTime();
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            double loading = (System.nanoTime() - begin) / 1e9;
            BarePipeline.Run run = new BarePipeline(embedder, 1, BatchSize.of(BATCH_TOKENS)).run(texts);
            System.out.println(JSON.writeValueAsString(Map.of(
                    "file", spec.label(),
                    "megabytes", Files.size(file) >> 20,
                    "loadSeconds", rounded(loading),
                    "texts", texts.size(),
                    "seconds", rounded(run.seconds()),
                    "textsPerSecond", Math.round(texts.size() / run.seconds()),
                    "tokensPerSecond", Math.round(run.tokens() / run.seconds()))));
        }
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }

    private static List<String> definitions() throws IOException {
        List<String> definitions = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("conf/quickstart/definitions.jsonl"))) {
            definitions.add(JSON.readTree(line).path("definition").asText());
        }
        return definitions;
    }

    private static List<String> vocabulary(List<String> texts, int words) {
        Map<String, Integer> counts = new HashMap<>();
        texts.stream()
                .flatMap(text -> List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")).stream())
                .filter(word -> !word.isEmpty())
                .forEach(word -> counts.merge(word, 1, Integer::sum));
        List<String> vocabulary = counts.entrySet().stream()
                .filter(word -> word.getValue() >= FREQUENT)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
        int frequent = vocabulary.size();
        counts.keySet().stream().filter(word -> counts.get(word) < FREQUENT).forEach(vocabulary::add);
        for (int i = 0; vocabulary.size() < words; i++) {
            vocabulary.add("unseen" + i);
        }
        Collections.shuffle(vocabulary.subList(frequent, words), new Random(1));
        return vocabulary;
    }

    private static void write(Path text, Path binary, List<String> words, int dimension) throws IOException {
        Random random = new Random(1);
        try (OutputStream decimals = new BufferedOutputStream(Files.newOutputStream(text), 1 << 20);
                OutputStream floats = new BufferedOutputStream(Files.newOutputStream(binary), 1 << 20)) {
            floats.write((words.size() + " " + dimension + "\n").getBytes(StandardCharsets.UTF_8));
            for (String word : words) {
                StringBuilder line = new StringBuilder(word);
                ByteBuffer numbers =
                        ByteBuffer.allocate(Float.BYTES * dimension).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < dimension; i++) {
                    String number = Math.round(random.nextGaussian() * 400_000) / 1e6f + "";
                    line.append(' ').append(number);
                    numbers.putFloat(Float.parseFloat(number));
                }
                decimals.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
                floats.write((word + " ").getBytes(StandardCharsets.UTF_8));
                floats.write(numbers.array());
            }
        }
    }
}
