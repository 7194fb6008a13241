package io.embedlake.local.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/** A fake hub with a model, a cache, and a listener that remembers. Confined to a test, which closes it. */
final class HubFixture implements AutoCloseable {
    static final HubModel MODEL = HubModel.parse("org/small").orElseThrow();
    static final String WEIGHTS = "model.safetensors";
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    final FakeHub server = new FakeHub();
    final FakeRepository repository = server.add(MODEL.id());
    final List<Duration> pauses = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final Path cache;
    private final Map<String, String> environment = new HashMap<>();

    HubFixture(Path cache) {
        this.cache = cache;
        environment.put("HF_ENDPOINT", server.endpoint().toString());
        environment.put("HF_HUB_CACHE", cache.toString());
        environment.put("HF_HOME", cache.resolveSibling("home").toString());
    }

    /** Another variable of the environment. */
    HubFixture with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Hub hub() {
        return hub(Disk.REAL);
    }

    Hub hub(Disk disk) {
        return new Hub(
                HubSettings.of(environment),
                listener(),
                disk,
                pauses::add,
                () -> 1L << 63,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    RepositoryFolder folder() {
        return new RepositoryFolder(cache, MODEL.id());
    }

    /** A model of a few kilobytes, with files that nobody needs. */
    static Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("config.json", text("{\"model_type\":\"bert\"}"));
        files.put("tokenizer.json", text("{\"version\":\"1.0\"}"));
        files.put(
                "modules.json",
                text(
                        "[{\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"},{\"path\":\"1_Pooling\",\"type\":\"sentence_transformers.models.Pooling\"}]"));
        files.put("1_Pooling/config.json", text("{\"pooling_mode_mean_tokens\":true}"));
        files.put(WEIGHTS, random(300_000, 1));
        files.put("pytorch_model.bin", random(1_000, 2));
        files.put("README.md", text("# small"));
        return files;
    }

    /** All of the model is there, and nothing unfinished. */
    static void assertWhole(Snapshot snapshot) throws IOException {
        for (String file : List.of("config.json", "tokenizer.json", "1_Pooling/config.json", WEIGHTS)) {
            assertArrayEquals(
                    files().get(file), Files.readAllBytes(snapshot.folder().resolve(file)), file);
        }
        assertEquals(
                List.of(),
                Trees.children(snapshot.folder().resolve("../../blobs").normalize()).stream()
                        .filter(blob -> blob.toString().endsWith(".incomplete"))
                        .toList());
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] random(int bytes, long seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    private HubListener listener() {
        return new HubListener() {
            @Override
            public void arrived(String file, long bytesDone, OptionalLong bytesTotal) {
                events.add(file + " " + bytesDone + "/" + bytesTotal.orElse(-1));
            }

            @Override
            public void retries(String reason, Duration pause) {
                events.add("retry: " + reason);
            }

            @Override
            public void usesCached(Snapshot cached, String reason) {
                events.add("cached " + cached.commit() + ": " + reason);
            }
        };
    }

    @Override
    public void close() {
        server.close();
    }
}
