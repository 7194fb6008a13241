package io.embedlake.local.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path FALLBACK = CacheFolder.of(Map.of());

    @Test
    void theProjectsOwnVariableComesFirst() {
        assertEquals(
                Path.of("/models"), CacheFolder.of(Map.of("EMBEDLAKE_CACHE", "/models", "XDG_CACHE_HOME", "/cache")));
    }

    @Test
    void elseItLiesBelowTheSystemsCache() {
        assertEquals(Path.of("/cache/embedlake"), CacheFolder.of(Map.of("XDG_CACHE_HOME", "/cache")));
    }

    @Test
    void elseItLiesBelowAFolderOfTheUser() {
        assertEquals("embedlake", FALLBACK.getFileName().toString());
        assertEquals(true, FALLBACK.isAbsolute());
    }

    @Test
    void aVariableThatIsSetToNothingIsNotSet() {
        assertEquals(FALLBACK, CacheFolder.of(Map.of("EMBEDLAKE_CACHE", "", "XDG_CACHE_HOME", "")));
        assertEquals(
                Path.of("/cache/embedlake"),
                CacheFolder.of(Map.of("EMBEDLAKE_CACHE", " ", "XDG_CACHE_HOME", "/cache")));
    }
}
