package io.embedlake.spark.ml;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.lexical.fitted.BagFile;
import io.embedlake.lexical.fitted.BagModel;
import io.embedlake.spark.job.Lake;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFitterTest {
    private static final String[] TEXTS =
            IntStream.range(0, 60).mapToObj(ModelFitterTest::text).toArray(String[]::new);

    @TempDir
    Path folder;

    private static String text(int number) {
        return "word" + number + " stands beside word" + (number + 1) % 60 + (number % 3 == 0 ? " again" : "");
    }

    private static Dataset<Row> sample(String... texts) {
        List<Row> rows = Arrays.stream(texts)
                .map(text -> RowFactory.create(Sha256.hex(text.getBytes(StandardCharsets.UTF_8)), text))
                .toList();
        return Lake.spark().createDataFrame(rows, StructType.fromDDL("content_hash STRING, text STRING"));
    }

    private static byte[] fit(String platform, Map<String, String> options, Dataset<Row> sample) {
        return ModelFitters.of((FittedPlatform) Platforms.named(platform))
                .fit(new EmbedderRequest(Optional.empty(), options), sample, 1);
    }

    private BagModel bag(String platform, Map<String, String> options, String... texts) throws Exception {
        return BagFile.read(Files.write(folder.resolve("x.model"), fit(platform, options, sample(texts))));
    }

    /** More terms are equally frequent than the vocabulary has room for, and hash tables differ with partitions. */
    @ParameterizedTest
    @ValueSource(strings = {"bag-of-words", "tf-idf", "bag-of-characters", "word2vec"})
    void sameSampleGivesTheSameBytesHoweverItIsPartitioned(String platform) {
        Map<String, String> options = Map.of("vocabulary", "150", "dimensions", "16");
        Dataset<Row> sample = sample(TEXTS);
        byte[] model = fit(platform, options, sample);
        assertArrayEquals(
                model, fit(platform, options, sample.orderBy(col("text").desc()).repartition(5)));
        assertArrayEquals(model, fit(platform, options, sample));
    }

    @Test
    void vocabularyIsOfTheTermsThatMostTextsHaveAndThenInOrder() throws Exception {
        BagModel model = bag("tf-idf", Map.of("vocabulary", "10", "dimensions", "vocabulary"), "b a", "b c c c", "B d");
        assertEquals(List.of("b", "a", "c", "d"), model.vocabulary());
        assertEquals(3, model.texts());
        assertEquals(1, model.weights()[0], 1e-6);
        assertEquals(Math.log(4 / 2.0) + 1, model.weights()[1], 1e-6);
        assertEquals(4, model.dimensions());
        assertEquals(
                List.of("b"),
                bag("tf-idf", Map.of("min-documents", "2", "dimensions", "vocabulary"), "b a", "b c c c", "B d")
                        .vocabulary());
    }

    @Test
    void projectionKeepsWhatTextsShare() throws Exception {
        BagModel model = bag("bag-of-words", Map.of("dimensions", "16"), TEXTS);
        assertEquals(16, model.dimensions());
        assertEquals(16 * model.vocabulary().size(), model.projection().length);
        double squares = 0;
        for (int i = 0; i < model.vocabulary().size(); i++) {
            squares += model.projection()[i * 16] * model.projection()[i * 16];
        }
        assertEquals(1, squares, 1e-5);
    }

    @Test
    void saysWhyNoModelCanBeFitted() {
        assertMisconfigured(
                () -> fit("bag-of-words", Map.of("min-documents", "61"), sample(TEXTS)),
                "Cannot fit a vocabulary: none of the words of 60 texts stands in 61 of them");
        assertMisconfigured(
                () -> fit("tf-idf", Map.of("dimensions", "16"), sample("!!", "?")),
                "Cannot fit a vocabulary: none of the words of 2 texts stands in 1 of them");
        assertMisconfigured(
                () -> fit("tf-idf", Map.of("dimensions", "61"), sample(TEXTS)),
                "Cannot fit 61 dimensions: the sample has 60 texts",
                "Set dimensions to at most 60, or to vocabulary.");
        assertMisconfigured(
                () -> fit("tf-idf", Map.of("dimensions", "16"), sample("a b c d e f g h i j k l m n o p", "a b")),
                "Cannot fit 16 dimensions: the sample has 2 texts");
        assertMisconfigured(
                () -> fit("word2vec", Map.of("min-documents", "61"), sample(TEXTS)),
                "Cannot train vectors of words: none of the words of 60 texts stands in 61 of them");
    }

    @Test
    void textsThatDifferInFewDirectionsGetNoMore() {
        String[] texts = IntStream.range(0, 20)
                .mapToObj(i -> "a b c d e f g h i j k l m n o p q r s t".repeat(i + 1))
                .toArray(String[]::new);
        assertMisconfigured(
                () -> fit("bag-of-words", Map.of("dimensions", "16"), sample(texts)),
                "Cannot fit 16 dimensions: the sample has ",
                " directions in which its texts differ");
    }

    @Test
    void platformThatFitsItselfGetsTheTextsInTheOrderOfTheirHashesAndNoMoreThanTheDriverTakes() {
        List<String> byHash = new ArrayList<>(List.of(TEXTS));
        byHash.sort(java.util.Comparator.comparing(text -> Sha256.hex(text.getBytes(StandardCharsets.UTF_8))));
        EchoPlatform echo = new EchoPlatform();
        EmbedderRequest request = new EmbedderRequest(Optional.empty(), Map.of());
        Dataset<Row> sample = sample(TEXTS).repartition(3);
        assertEquals(
                "5:" + String.join("|", byHash),
                new String(ModelFitters.of(echo).fit(request, sample, 5), StandardCharsets.UTF_8));
        String few = new String(new CollectingFitter(echo, 100).fit(request, sample, 5), StandardCharsets.UTF_8);
        assertTrue(("5:" + String.join("|", byHash)).startsWith(few));
        assertTrue(few.length() > 50 && few.length() < 110, few);
        String one = new String(new CollectingFitter(echo, 1).fit(request, sample, 5), StandardCharsets.UTF_8);
        assertEquals("5:" + byHash.get(0), one);
    }
}
