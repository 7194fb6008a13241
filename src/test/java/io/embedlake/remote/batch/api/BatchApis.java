package io.embedlake.remote.batch.api;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.settings.Provider;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.platform.Formats;
import io.embedlake.retry.Sleeper;
import java.net.URI;
import java.util.Map;

/** The batch APIs with usual options. Stateless. */
public final class BatchApis {
    public static final String KEY = "sk-test-1234567890";

    private BatchApis() {}

    /** The API of a fake. */
    public static BatchApi of(FakeProvider fake, Provider provider, Sleeper sleeper) {
        return of(provider == Provider.OPENAI ? fake.baseUrl() : fake.origin(), provider, sleeper);
    }

    /** The API of a provider at an endpoint. */
    public static BatchApi of(URI endpoint, Provider provider, Sleeper sleeper) {
        BatchHttp http = new BatchHttp(
                endpoint,
                provider == Provider.GEMINI ? HeaderKey.google(() -> KEY) : HeaderKey.bearer(() -> KEY),
                Map.of(),
                Proxies.none(),
                sleeper);
        ModelFormat format = format(provider);
        return switch (provider) {
            case OPENAI -> new OpenAiBatches(http, format);
            case MISTRAL -> new MistralBatches(http, format);
            case VOYAGE -> new VoyageBatches(http, format);
            case GEMINI -> new GeminiBatches(http, format);
            case COHERE -> new CohereJobs(http, format);
            default -> throw new IllegalArgumentException(provider.word());
        };
    }

    private static ModelFormat format(Provider provider) {
        return switch (provider) {
            case OPENAI -> Formats.of("openai", "text-embedding-3-small");
            case MISTRAL -> Formats.of("mistral", "mistral-embed");
            case VOYAGE -> Formats.of("voyage", "voyage-3.5", "input-type", "document", "long-text", "error");
            case COHERE -> Formats.of("cohere", "embed-english-v3.0");
            case GEMINI -> Formats.of("gemini", "gemini-embedding-001");
            default -> throw new IllegalArgumentException(provider.word());
        };
    }
}
