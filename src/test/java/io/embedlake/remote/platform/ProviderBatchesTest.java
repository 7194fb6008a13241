package io.embedlake.remote.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.remote.batch.BatchCounts;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchRun;
import io.embedlake.remote.batch.BatchSettings;
import io.embedlake.remote.batch.KeptOutcomes;
import io.embedlake.remote.batch.MemoryJournal;
import io.embedlake.remote.batch.TestBudget;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The batch APIs as platforms open them, against the providers that run on this machine. */
class ProviderBatchesTest {
    private static final String KEY = "a-key";

    @TempDir
    private Path folder;

    private EmbedderSpec spec(String platform, String model, Map<String, String> keys) throws IOException {
        Map<String, String> options = new HashMap<>(keys);
        options.put("api-key", "file:" + Files.writeString(folder.resolve("key"), KEY));
        options.put("mode", "batch");
        return Platforms.named(platform).describe(new EmbedderRequest(Optional.of(model), options));
    }

    private static ProviderPlatform platform(EmbedderSpec spec) {
        return ProviderPlatform.of(spec).orElseThrow();
    }

    private ProviderBatches openAi(Map<String, String> keys) throws IOException {
        EmbedderSpec spec = spec("openai", "text-embedding-3-small", keys);
        return platform(spec).openBatches(spec, time -> {});
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, openai, text-embedding-3-small, /v1",
        "MISTRAL, mistral, mistral-embed, ''",
        "MISTRAL, mistral, mistral-embed, /v1",
        "VOYAGE, voyage, voyage-3.5, /v1",
        "GEMINI, gemini, gemini-embedding-001, ''",
        "COHERE, cohere, embed-english-v3.0, ''"
    })
    void textsComeBackWithTheirVectorsAndTokens(Provider provider, String platform, String model, String path)
            throws IOException {
        HashedVectors right = new HashedVectors(256);
        List<String> texts = IntStream.range(0, 5).mapToObj(i -> "text " + i).toList();
        try (FakeProvider fake =
                FakeProvider.start(Settings.of(provider).withKeys(KEY).withDimension(256), right)) {
            EmbedderSpec spec = spec(platform, model, Map.of("endpoint", fake.origin() + path));
            KeptOutcomes outcomes = new KeptOutcomes();
            try (ProviderBatches batches = platform(spec).openBatches(spec, time -> {})) {
                BatchCounts counts = new BatchRun(
                                batches.api(),
                                new MemoryJournal(),
                                batches.settings(folder),
                                new TestBudget(Long.MAX_VALUE),
                                underWay -> {},
                                time -> {},
                                new Random(5))
                        .run(
                                texts.stream()
                                        .map(text -> batches.text(text.replace(' ', '-'), text))
                                        .iterator(),
                                outcomes);
                assertEquals(new BatchCounts(1, 0, 5, 0, 0), counts);
            }
            for (String text : texts) {
                Outcome.Embedded embedded =
                        assertInstanceOf(Outcome.Embedded.class, outcomes.kept.get(text.replace(' ', '-')));
                assertArrayEquals(right.apply(text), embedded.vector(), 1e-6F);
                assertTrue(embedded.tokens() > 0, text);
            }
        }
    }

    @Test
    void aJobMaySayHowLargeBatchesAreAndHowOftenTheyAreLookedAt() throws IOException {
        try (ProviderBatches batches = openAi(Map.of(
                "batch.texts", "100", "batch.at-once", "3", "batch.queue-tokens", "3000", "batch.poll-s", "5"))) {
            assertEquals(
                    new BatchSettings(
                            folder,
                            new BatchLimits(100, Long.MAX_VALUE, 1000),
                            3,
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(30),
                            5),
                    batches.settings(folder));
        }
        try (ProviderBatches batches = openAi(Map.of())) {
            assertEquals(BatchSettings.in(folder), batches.settings(folder));
        }
    }

    @Test
    void textsAreRefusedWhereCallsRefuseThem() throws IOException {
        try (ProviderBatches batches = openAi(Map.of())) {
            assertEquals("", batches.text("a", "fine").problem());
            assertEquals(
                    "there is nothing in the text to embed",
                    batches.text("b", " \n").problem());
            assertEquals(
                    "the text has 9001 tokens (at most 8192)",
                    batches.text("c", "word ".repeat(9000)).problem());
        }
    }

    @Test
    void tokensCostLessInBatchesButWhatTheJobSaysIsThePriceAsItIs() throws IOException {
        EmbedderSpec listed = spec("voyage", "voyage-4", Map.of());
        assertEquals(0.06 * 0.67, platform(listed).price(listed).orElseThrow().usdPerMillionTokens(), 1e-12);
        EmbedderSpec own = spec("voyage", "voyage-4", Map.of("limits.price-per-million-tokens", "0.05"));
        assertEquals(0.05, platform(own).price(own).orElseThrow().usdPerMillionTokens(), 0);
        EmbedderSpec cohere = spec("cohere", "embed-english-v3.0", Map.of());
        assertEquals(0.1, platform(cohere).price(cohere).orElseThrow().usdPerMillionTokens(), 1e-12);
    }

    @Test
    void theModeChangesNoFingerprint() throws IOException {
        EmbedderSpec batches = spec("openai", "text-embedding-3-small", Map.of());
        EmbedderSpec calls = Platforms.named("openai")
                .describe(new EmbedderRequest(Optional.of("text-embedding-3-small"), Map.of("mode", "stream")));
        assertEquals(calls.fingerprint(), batches.fingerprint());
        assertTrue(platform(calls).batches(calls).isEmpty());
        assertTrue(platform(batches).batches(batches).isPresent());
    }
}
