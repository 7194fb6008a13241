package io.embedlake.remote.platform;

import io.embedlake.remote.format.ModelFormat;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.Platforms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The formats that platforms speak, as a job's options make them. Stateless. */
public final class Formats {
    private Formats() {}

    /** The format of a platform's calls for a model, with these keys, each followed by its value. */
    public static ModelFormat of(String platform, String model, String... options) {
        ProviderPlatform provider = (ProviderPlatform) Platforms.named(platform);
        return provider.calls(options(platform, model, options));
    }

    /** The same for the places of tokens. */
    public static ModelFormat ofPlaces(String platform, String model, String... options) {
        ProviderPlatform provider = (ProviderPlatform) Platforms.named(platform);
        return provider.placeCalls(options(platform, model, options)).orElseThrow();
    }

    private static ApiOptions options(String platform, String model, String... options) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        return ApiOptions.of(platform, new EmbedderRequest(Optional.of(model), values));
    }
}
