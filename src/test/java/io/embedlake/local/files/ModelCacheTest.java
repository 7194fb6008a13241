package io.embedlake.local.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.local.hub.Hub;
import io.embedlake.local.hub.HubSettings;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
    private static final String MODEL = ModelLocator.defaultModel();

    @TempDir
    Path folder;

    private ModelCache cache;

    @BeforeEach
    void makeCache() {
        cache = new ModelCache(
                folder.resolve("cache"),
                new Hub(HubSettings.of(Map.of("HF_HOME", folder.resolve("hub").toString(), "HF_HUB_OFFLINE", "1"))));
    }

    @Test
    void holdsNothingBeforeAnythingWasPulled() {
        assertEquals(List.of(), cache.files(MODEL));
        assertEquals(List.of(), cache.remove(MODEL));
    }

    @Test
    void pullsVerifiesAndRemovesTheEmbeddedModel() throws IOException {
        cache.pull(MODEL);
        List<ModelCache.CachedFile> files = cache.files(MODEL);
        assertEquals(2, files.size());
        cache.verify(MODEL);
        assertEquals(2, cache.remove(MODEL).size());
        assertTrue(Files.notExists(files.get(0).path()));
        assertEquals(List.of(), cache.files(MODEL));
    }

    @Test
    void removesWhatOlderVersionsLeftAndNothingElse() throws IOException {
        Files.createDirectories(cache.folder());
        Files.writeString(cache.folder().resolve("0123456789abcdef-all-minilm-l6-v2.onnx"), "old");
        Files.writeString(cache.folder().resolve("all-minilm-l6-v2.onnx123.partial"), "half");
        Path other = Files.writeString(cache.folder().resolve("notes.txt"), "mine");
        assertEquals(2, cache.remove(MODEL).size());
        assertTrue(Files.exists(other));
    }

    @Test
    void findsMissingAndDamagedFiles() throws IOException {
        assertRefused("it is not there", () -> cache.verify(MODEL));
        cache.pull(MODEL);
        for (ModelCache.CachedFile file : cache.files(MODEL)) {
            Files.writeString(file.path(), "{}");
        }
        assertRefused("its SHA-256 is not the package's", () -> cache.verify(MODEL));
        cache.pull(MODEL);
        cache.verify(MODEL);
    }

    @Test
    void holdsNoDirectories() {
        String rule = "a cache holds models by their names on the hub";
        assertRefused(rule, () -> cache.pull(folder.toString()));
        assertRefused(rule, () -> cache.files(folder.toString()));
        assertRefused(rule, () -> cache.remove(folder.toString()));
    }

    @Test
    void doesNotAskTheHubWhenItMayNot() {
        assertEquals(List.of(), cache.files("org/other"));
        assertRefused("HF_HUB_OFFLINE", () -> cache.pull("org/other"));
    }

    private static void assertRefused(String rule, Runnable action) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, action::run);
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains(rule), refusal.getMessage());
    }
}
