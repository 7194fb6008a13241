package io.embedlake.local.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where models are kept on this machine. Stateless. */
public final class CacheFolder {
    private CacheFolder() {}

    /**
     * The folder: {@code EMBEDLAKE_CACHE}, else {@code embedlake} below {@code XDG_CACHE_HOME} or the user's {@code .cache},
     * else, where the home cannot be written, below the folder for temporary files. A variable
     * that is set to nothing counts as not set.
     */
    public static Path of(Map<String, String> environment) {
        String own = environment.getOrDefault("EMBEDLAKE_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        String system = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!system.isBlank()) {
            return Path.of(system, "embedlake");
        }
        Path home = Path.of(System.getProperty("user.home"));
        return Files.isWritable(home)
                ? home.resolve(".cache").resolve("embedlake")
                : Path.of(System.getProperty("java.io.tmpdir"), "embedlake");
    }
}
