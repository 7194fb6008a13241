package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.ModelTokens;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Spans;
import io.embedlake.spi.StreamEmbedder;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** text-embeddings-inference: what a server says of itself, and the vectors of tokens. */
class TeiPlatformTest {
    private static final Platform TEI = Platforms.named("tei");
    private static final String MODEL = "sentence-transformers/all-MiniLM-L6-v2";
    private static final int DIMENSION = 16;

    private static FakeProvider fake(Settings settings) {
        return FakeProvider.start(settings.withDimension(DIMENSION), new HashedVectors(DIMENSION));
    }

    private static FakeProvider fake() {
        return fake(Settings.of(Provider.TEI));
    }

    private static EmbedderRequest request(String model, String endpoint, String... more) {
        Map<String, String> options = new HashMap<>(Map.of("endpoint", endpoint));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return new EmbedderRequest(Optional.of(model), options);
    }

    private static StreamEmbedder load(EmbedderRequest request) {
        return (StreamEmbedder) TEI.load(TEI.describe(request), Device.CPU);
    }

    @Test
    void whatTheServerRunsIsInTheDescription() {
        try (FakeProvider fake = fake()) {
            EmbedderSpec spec = TEI.describe(request(MODEL, fake.origin().toString()));

            assertEquals(
                    List.of("The server runs " + MODEL + " in revision " + "0".repeat(40)
                            + ", pooling mean, float32, texts of at most 512 tokens, longer ones cut."),
                    spec.notes());
        }
    }

    @Test
    void aModelThatTheServerDoesNotRunIsRefused() {
        try (FakeProvider fake = fake()) {
            assertMisconfigured(
                    () -> TEI.describe(request("BAAI/bge-m3", fake.origin().toString())),
                    "Cannot use the model BAAI/bge-m3: the server at " + fake.origin() + " runs " + MODEL,
                    "Change model or endpoint.");
        }
    }

    @Test
    void aServerThatComesLaterIsAskedBeforeTheFirstText() {
        EmbedderSpec planned = TEI.describe(request("BAAI/bge-m3", "http://127.0.0.1:1"));
        assertEquals(
                List.of(
                        "The server does not say what it runs now (GET /info); it is asked again before the first text is sent."),
                planned.notes());
        try (FakeProvider fake = fake()) {
            EmbedderSpec later = planned.with("endpoint", fake.origin().toString());
            assertMisconfigured(() -> TEI.load(later, Device.CPU).close(), MODEL, "Change model or endpoint.");
            assertEquals(0, fake.stats().rowsBilled());
        }
    }

    @Test
    void whetherTheServerSaysAnythingDoesNotChangeTheFingerprint() {
        try (FakeProvider fake = fake()) {
            assertEquals(
                    TEI.describe(request(MODEL, "http://127.0.0.1:1")).fingerprint(),
                    TEI.describe(request(MODEL, fake.origin().toString())).fingerprint());
        }
    }

    @Test
    void aServerBehindAGatewayThatHidesWhatItRunsIsBelieved() throws IOException {
        try (SayingServer gateway = SayingServer.start(404, "text/plain", "no such route")) {
            assertFalse(TEI.describe(request("any/model", gateway.address()))
                    .notes()
                    .isEmpty());
        }
    }

    @Test
    void callsAreAsLargeAsTheServerTakes() {
        List<String> texts =
                IntStream.range(0, 128).mapToObj(i -> "text number " + i).toList();
        try (FakeProvider fake = fake(Settings.of(Provider.TEI).withCap(Cap.TEXTS, 64));
                StreamEmbedder embedder = load(request(MODEL, fake.origin().toString()));
                OutcomeStream outcomes =
                        embedder.embed(texts.stream().map(Input::of).iterator())) {
            long before = fake.stats().requests();
            texts.forEach(text -> assertTrue(outcomes.next() instanceof Outcome.Embedded));
            assertEquals(2, fake.stats().requests() - before);
        }
    }

    @Test
    void aWrongKeyIsNamed() {
        try (FakeProvider fake = fake(Settings.of(Provider.TEI).withKeys("right"))) {
            assertMisconfigured(
                    () -> load(request(MODEL, fake.origin().toString(), "api-key", "env:PATH"))
                            .close(),
                    "HTTP 401",
                    "api-key");
        }
    }

    @Test
    void tokensAreThoseOfTheSameModelOnThisMachine() {
        List<String> texts = List.of(
                "The bridge near Accra was repaired.",
                "\ud83d\ude42 Unbelievable re-embeddings, na\u00efvet\u00e9!",
                "\u6771\u4eac gr\u00fcn\r\n\tblau",
                "a");
        Platform local = Platforms.named("huggingface");
        EmbedderSpec spec = local.describe(
                new EmbedderRequest(Optional.empty(), Map.of("granularity", "token", "precision", "fp32")));
        try (ModelTokens model = new ModelTokens();
                FakeProvider fake = FakeProvider.start(Settings.of(Provider.TEI), model);
                StreamEmbedder remote = load(request(MODEL, fake.origin().toString(), "granularity", "token"));
                Embedder here = local.load(spec, Device.CPU);
                EmbeddingSession session = here.open();
                OutcomeStream outcomes =
                        remote.embed(texts.stream().map(Input::of).iterator())) {
            assertEquals(Granularity.TOKEN, remote.granularity());
            assertEquals(here.dimension(), remote.dimension());
            for (String text : texts) {
                EncodedInput encoded = session.encode(text);
                Outcome.Embedded embedded = (Outcome.Embedded) outcomes.next();
                assertEquals(encoded.spans(), embedded.spans(), text);
                assertEquals(encoded.tokens(), embedded.tokens(), text);
                assertArrayEquals(session.embed(List.of(encoded)).get(0), embedded.vector(), 1e-5F, text);
            }
            assertFalse(outcomes.hasNext());
        }
    }

    @Test
    void aSessionGivesTheTokensOfOneText() {
        try (FakeProvider fake = fake();
                StreamEmbedder embedder =
                        load(request(MODEL, fake.origin().toString(), "granularity", "token", "normalize", "true"));
                EmbeddingSession session = embedder.open()) {
            EncodedInput text = session.encode("red apples");
            assertEquals(Optional.of(new Spans(new int[] {0, 4}, new int[] {3, 10})), text.spans());
            float[] vectors = session.embed(List.of(text)).get(0);
            assertEquals(2 * DIMENSION, vectors.length);
            float[] unit = vectors.clone();
            Vectors.normalize(unit, 0, DIMENSION);
            Vectors.normalize(unit, DIMENSION, 2 * DIMENSION);
            assertArrayEquals(unit, vectors, 1e-6F);
        }
    }

    @Test
    void aTextThatIsTooLongHasTheTokensThatTheServerHasReadAndIsCut() {
        try (FakeProvider fake = fake();
                StreamEmbedder embedder = load(request(MODEL, fake.origin().toString(), "granularity", "token"));
                OutcomeStream outcomes = embedder.embed(
                        Stream.of("word ".repeat(600), "short").map(Input::of).iterator())) {
            Outcome.Embedded cut = (Outcome.Embedded) outcomes.next();
            assertTrue(cut.truncated());
            assertEquals(510, cut.spans().orElseThrow().count());
            assertEquals(510 * DIMENSION, cut.vector().length);
            assertFalse(((Outcome.Embedded) outcomes.next()).truncated());
        }
    }

    @Test
    void everyTextHasItsTokensWhenEveryFourthCallFails() {
        List<String> texts = IntStream.range(0, 300)
                .mapToObj(i -> i % 50 == 7 ? " " : "text " + "x".repeat(i % 9 + 1))
                .toList();
        Settings faulty = Settings.of(Provider.TEI)
                .withCap(Cap.TEXTS, 8)
                .withFaults(Faults.of(0.25, 11, EnumSet.of(Fault.SERVER_ERROR, Fault.HALF_JSON, Fault.CUT)));
        try (FakeProvider fake = fake(faulty);
                StreamEmbedder embedder = load(request(MODEL, fake.origin().toString(), "granularity", "token"));
                OutcomeStream outcomes =
                        embedder.embed(texts.stream().map(Input::of).iterator())) {
            for (String text : texts) {
                Outcome outcome = outcomes.next();
                if (text.isBlank()) {
                    assertTrue(outcome instanceof Outcome.Refused);
                } else {
                    Spans spans = ((Outcome.Embedded) outcome).spans().orElseThrow();
                    assertEquals(new Spans(new int[] {0, 5}, new int[] {4, text.length()}), spans, text);
                }
            }
            assertFalse(outcomes.hasNext());
            assertTrue(outcomes.stopped().isEmpty());
            assertTrue(fake.stats().faults().size() > 1, fake.stats().faults().toString());
        }
    }

    @Test
    void aStreamOfTokensThatEndsEarlySendsNothingMoreAndGivesWhatWasAsked() {
        Settings slow = Settings.of(Provider.TEI).withCap(Cap.TEXTS, 4).withLatency(Duration.ofMillis(200));
        try (FakeProvider fake = fake(slow);
                StreamEmbedder embedder = load(request(MODEL, fake.origin().toString(), "granularity", "token"));
                OutcomeStream outcomes = embedder.embed(IntStream.range(0, 1_000)
                        .mapToObj(i -> Input.of("text " + i))
                        .iterator())) {
            assertTrue(outcomes.next() instanceof Outcome.Embedded);
            outcomes.finish(Duration.ofSeconds(30));
            long asked = fake.stats().requests();
            int embedded = 0;
            int refused = 0;
            while (outcomes.hasNext()) {
                if (outcomes.next() instanceof Outcome.Refused one) {
                    assertEquals(ErrorKind.EXHAUSTED, one.kind(), one.reason());
                    refused++;
                } else {
                    embedded++;
                }
            }
            assertEquals(asked, fake.stats().requests(), "nothing is sent after it");
            assertTrue(embedded >= 4, embedded + " embedded and " + refused + " refused");
            assertTrue(embedded + refused < 999, embedded + " embedded and " + refused + " refused");
        }
    }

    @Test
    void granularitiesAndOptionsThatDoNotGoTogether() {
        assertFalse(TEI.describe(request(MODEL, "http://127.0.0.1:1"))
                .fingerprint()
                .equals(TEI.describe(request(MODEL, "http://127.0.0.1:1", "granularity", "token"))
                        .fingerprint()));
        assertMisconfigured(
                () -> TEI.describe(
                        request(MODEL, "http://127.0.0.1:1", "granularity", "token", "prompt-name", "query")),
                "Remove prompt-name.");
        assertMisconfigured(
                () -> TEI.describe(request(MODEL, "http://127.0.0.1:1", "granularity", "token", "dimensions", "8")),
                "Remove dimensions.");
    }
}
