package io.embedlake.remote.platform;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.StreamEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Loads models of providers with a key that no message may repeat. Immutable.
 *
 * @param key the reference to it
 */
record LoadedModels(String key) {
    static final String SECRET = "sk-wrong-0123456789";

    /** With the key in a file of this folder. */
    static LoadedModels withKeyIn(Path folder) throws IOException {
        return new LoadedModels("file:" + Files.writeString(folder.resolve("key"), SECRET));
    }

    /** What a job says: the endpoint, the key, and more names with their values. */
    Map<String, String> options(String endpoint, String... more) {
        Map<String, String> options =
                new HashMap<>(Map.of("endpoint", endpoint, "api-key", key, "limits.timeout-s", "20"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    static StreamEmbedder load(String platform, String model, Map<String, String> options) {
        Platform loader = Platforms.named(platform);
        return (StreamEmbedder)
                loader.load(loader.describe(new EmbedderRequest(Optional.of(model), options)), Device.CPU);
    }

    static EmbedlakeException refuses(String platform, String model, Map<String, String> options, String... parts) {
        EmbedlakeException refused =
                assertMisconfigured(() -> load(platform, model, options).close(), parts);
        assertFalse(refused.getMessage().contains(SECRET), refused.getMessage());
        return refused;
    }
}
