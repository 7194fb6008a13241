package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.TokenCounter;
import io.embedlake.testing.Property;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GoldenVectorsTest {
    private static final List<Outcome.Embedded> TOGETHER = MiniLm.embed(MiniLm.EMBEDDER, GoldenText.TEXTS);
    private static final List<float[]> ALONE =
            embedInBatches(IntStream.range(0, 100).mapToObj(List::of).toList());

    @Test
    void vectorsAreThoseOfSentenceTransformers() {
        List<Outcome.Embedded> embedded = TOGETHER;
        assertEquals(100, embedded.size());
        for (int i = 0; i < embedded.size(); i++) {
            GoldenText golden = GoldenText.ALL.get(i);
            double cosine = MiniLm.cosine(golden.vector(), embedded.get(i).vector());
            assertTrue(cosine >= 0.99999, "text " + i + ": cosine " + cosine);
            assertArrayEquals(golden.vector(), embedded.get(i).vector(), 1e-5f, "text " + i);
            assertEquals(golden.tokens(), embedded.get(i).tokens(), "text " + i);
            assertTrue(golden.tokens() == 256 || !embedded.get(i).truncated(), "text " + i);
        }
        assertEquals(15, embedded.stream().filter(Outcome.Embedded::truncated).count());
        assertEquals(384, MiniLm.EMBEDDER.dimension());
    }

    @Test
    void tokenIdsAreThoseOfTransformers() {
        try (TokenCounter counter = MiniLm.PLATFORM.counter(MiniLm.SPEC)) {
            for (GoldenText golden : GoldenText.ALL) {
                TokenIds tokens = (TokenIds) counter.encode(golden.text());
                ByteBuffer ids =
                        ByteBuffer.allocate(tokens.tokens() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (long id : tokens.ids()) {
                    ids.putInt((int) id);
                }
                CRC32 crc = new CRC32();
                crc.update(ids.array());
                assertEquals(golden.idsCrc32(), crc.getValue());
            }
        }
    }

    @Test
    void aVectorDoesNotDependOnItsNeighbours() {
        Property.holds(1, random -> {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, 100).boxed().toList());
            Collections.shuffle(order, random);
            List<List<Integer>> batches = new ArrayList<>();
            for (int start = 0; start < order.size(); ) {
                int end = Math.min(order.size(), start + 1 + random.nextInt(12));
                batches.add(order.subList(start, end));
                start = end;
            }
            assertClose(ALONE, embedInBatches(batches));
        });
    }

    @Test
    void aVectorDoesNotDependOnTheBatchesOfThePipeline() {
        assertClose(ALONE, vectors(TOGETHER));
    }

    @Test
    void theSameBatchGivesTheSameBits() {
        List<String> texts = GoldenText.TEXTS.subList(0, 30);
        assertEquals(MiniLm.embed(MiniLm.EMBEDDER, texts), MiniLm.embed(MiniLm.EMBEDDER, texts));
    }

    @Test
    void twoSessionsOnTwoThreadsGiveTheVectorsOfOne() throws Exception {
        List<String> texts = GoldenText.TEXTS.subList(0, 30);
        List<Outcome> one = MiniLm.outcomes(MiniLm.EMBEDDER, texts);
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<List<Outcome>> session = () -> {
            start.await();
            return MiniLm.outcomes(MiniLm.EMBEDDER, texts);
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<List<Outcome>> outcomes : threads.invokeAll(List.of(session, session))) {
                assertEquals(one, outcomes.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void nothingIsReportedAndNothingDownloaded() {
        MiniLm.vector(MiniLm.EMBEDDER, "telemetry");
        assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
        assertEquals("true", System.getProperty("ai.djl.offline"));
    }

    /** The vectors of all hundred texts, by number, computed in exactly these batches. */
    private static List<float[]> embedInBatches(List<List<Integer>> batches) {
        float[][] vectors = new float[100][];
        try (EmbeddingSession session = MiniLm.EMBEDDER.open()) {
            for (List<Integer> batch : batches) {
                List<EncodedInput> texts = batch.stream()
                        .map(number -> session.encode(GoldenText.TEXTS.get(number)))
                        .toList();
                List<float[]> embedded = session.embed(texts);
                for (int i = 0; i < batch.size(); i++) {
                    vectors[batch.get(i)] = embedded.get(i);
                }
            }
        }
        return List.of(vectors);
    }

    private static List<float[]> vectors(List<Outcome.Embedded> embedded) {
        return embedded.stream().map(Outcome.Embedded::vector).toList();
    }

    private static void assertClose(List<float[]> expected, List<float[]> actual) {
        for (int i = 0; i < expected.size(); i++) {
            double cosine = MiniLm.cosine(expected.get(i), actual.get(i));
            assertTrue(cosine >= 0.999999, "text " + i + ": cosine " + cosine);
        }
    }
}
