package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.EmbeddingPipeline.Result;
import io.embedlake.spi.Device;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Outcome;
import io.embedlake.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTunerTest {
    private static final List<Integer> SIZES = List.of(256, 512, 1024, 2048, 4096);
    private static final int MANY_BATCHES = 1_000;

    /** Tokens a second, by the padded tokens of a batch. */
    private static final Map<Integer, Double> BEST_AT_1024 =
            Map.of(256, 5_000.0, 512, 8_000.0, 1024, 13_000.0, 2048, 9_000.0, 4096, 6_000.0);

    /** Moves only when something is computed. */
    private final AtomicLong now = new AtomicLong();

    private final BatchTuner tuner = new BatchTuner("fake", SIZES, now::get);

    private record Text(int tokens) implements EncodedInput {
        @Override
        public boolean truncated() {
            return false;
        }
    }

    /** Computes batches of texts of a length, of which there are always enough, and says how many there were before the search ended. */
    private int compute(int tokens, IntToDoubleFunction speedOfSize) {
        List<EncodedInput> texts = Collections.nCopies(4096, new Text(tokens));
        for (int batch = 0; batch < MANY_BATCHES; batch++) {
            if (tuner.isSettled()) {
                return batch;
            }
            BatchSize.Turn turn = tuner.next();
            done(turn, turn.budget().first(texts, EncodedInput::tokens), speedOfSize);
        }
        return MANY_BATCHES;
    }

    private void done(BatchSize.Turn turn, List<EncodedInput> batch, IntToDoubleFunction speedOfSize) {
        int tokens = batch.stream().mapToInt(EncodedInput::tokens).sum();
        now.addAndGet(
                (long) (tokens * 1e9 / speedOfSize.applyAsDouble(turn.budget().paddedTokens())));
        turn.done(batch);
    }

    @Test
    void climbsToTheSizeThatIsFastest() {
        compute(16, BEST_AT_1024::get);
        assertTrue(tuner.isSettled());
        assertEquals(1024, tuner.tokens());
        assertEquals(1024, tuner.next().budget().paddedTokens());
    }

    @Test
    void climbsToTheLastSizeWhenEachIsFaster() {
        compute(16, size -> 10.0 * size);
        assertTrue(tuner.isSettled());
        assertEquals(4096, tuner.tokens());
    }

    @Test
    void staysAtTheSmallestSizeWhenAllAreAlike() {
        int batches = compute(16, size -> 10_000);
        assertEquals(256, tuner.tokens());
        assertTrue(batches <= 2 * 2 * 17, batches + " batches for two comparisons");
    }

    @Test
    void climbsAGentleSlopeInTwoSteps() {
        compute(16, size -> 10_000 * Math.pow(size, 0.05));
        assertEquals(4096, tuner.tokens(), "each size is 3.5 % faster than the one before");
    }

    @Test
    void noiseDoesNotHideWhatIsMuchFaster() {
        Property.holds(100, random -> {
            BatchTunerTest fresh = new BatchTunerTest();
            fresh.compute(16, size -> BEST_AT_1024.get(size) * (0.85 + 0.3 * random.nextDouble()));
            assertEquals(1024, fresh.tuner.tokens());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 8})
    void aBatchNowAndThenThatTakesVeryLongDoesNotMatter(int oneIn) {
        int[] batch = {0};
        compute(16, size -> BEST_AT_1024.get(size) / (batch[0]++ % oneIn == 0 ? 5 : 1));
        assertTrue(tuner.isSettled());
        assertEquals(1024, tuner.tokens());
    }

    @Test
    void textsThatGetShorterAndFasterFavourNoSize() {
        double[] speed = {1_000};
        compute(16, size -> speed[0] *= 1.002);
        assertEquals(256, tuner.tokens());
    }

    @Test
    void endsWhenItsTimeIsSpentWithTheBestSoFar() {
        int batches = compute(16, size -> size == 256 ? 1_000 : 2_000);
        assertTrue(tuner.isSettled());
        assertEquals(512, tuner.tokens());
        assertTrue(now.get() < 35e9, "30 s and the batch that was computed then, but " + now);
        assertTrue(batches < MANY_BATCHES);
    }

    @Test
    void batchesThatAreNotFullAreNoMeasurements() {
        List<EncodedInput> rest = List.of(new Text(16));
        for (int i = 0; i < MANY_BATCHES; i++) {
            done(tuner.next(), rest, size -> 1_000.0 * size);
        }
        assertFalse(tuner.isSettled());
        done(tuner.next(), rest, size -> 0.1);
        assertTrue(tuner.isSettled(), "but the time they take counts");
        assertEquals(256, tuner.tokens());
    }

    @Test
    void textsThatStandAloneAreNoMeasurements() {
        int batches = compute(5_000, size -> size * 1e6);
        assertEquals(MANY_BATCHES, batches);
        assertEquals(256, tuner.tokens());
    }

    @Test
    void aTurnThatFailsHoldsNobodyUp() {
        IntStream.range(0, 100).forEach(i -> tuner.next());
        compute(16, BEST_AT_1024::get);
        assertEquals(1024, tuner.tokens());
    }

    @Test
    void aTurnOfAnEarlierComparisonChangesNothing() {
        BatchSize.Turn late = tuner.next();
        compute(16, BEST_AT_1024::get);
        done(late, Collections.nCopies(16, new Text(16)), size -> 1e9);
        assertEquals(1024, tuner.tokens());
    }

    @ParameterizedTest
    @CsvSource({"-1, 256, 4096", "0, 2048, 65536"})
    void aDeviceHasSizesOfItsOwn(int gpu, int first, int last) {
        BatchTuner of = BatchTuner.of("fake", new Device(gpu), now::get);
        assertEquals(first, of.tokens());
        List<EncodedInput> texts = Collections.nCopies(4096, new Text(100));
        while (!of.isSettled()) {
            BatchSize.Turn turn = of.next();
            done(turn, turn.budget().first(texts, EncodedInput::tokens), size -> 10.0 * size);
        }
        assertEquals(last, of.tokens());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void pipelinesThatShareItTuneOnceAndLoseNoText(int threads) {
        FakeEmbedder embedder = FakeEmbedder.answering(batch -> {
            compute(batch);
            return FakeEmbedder.vectors(batch);
        });
        List<String> texts = IntStream.range(0, 160 * 256)
                .mapToObj(i -> String.format("%016d", i))
                .toList();
        embedAll(embedder, threads, texts);
        assertTrue(tuner.isSettled());
        embedder.batches.clear();
        embedAll(embedder, threads, texts);
        assertEquals(Set.of(tuner.tokens() / 16), Set.copyOf(embedder.batches), "nothing is tried again");
    }

    /** The clock moves by what the batch costs: a call has a price, and each token. */
    private void compute(List<String> batch) {
        now.addAndGet(
                1_000_000 + 10_000L * batch.stream().mapToInt(String::length).sum());
    }

    private void embedAll(FakeEmbedder embedder, int threads, List<String> texts) {
        List<Result<Integer>> results = new ArrayList<>();
        try (EmbeddingPipeline pipeline = new EmbeddingPipeline(embedder, tuner, threads)) {
            Iterator<Result<Integer>> run = pipeline.run(IntStream.range(0, texts.size())
                    .mapToObj(i -> new Item<>(i, texts.get(i)))
                    .iterator());
            run.forEachRemaining(results::add);
        }
        assertEquals(texts.size(), results.size());
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(i, results.get(i).key());
            assertArrayEquals(
                    FakeEmbedder.vector(texts.get(i)),
                    ((Outcome.Embedded) results.get(i).outcome()).vector());
        }
    }
}
