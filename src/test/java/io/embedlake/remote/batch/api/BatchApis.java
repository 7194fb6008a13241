package io.embedlake.remote.batch.api;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.settings.Provider;
import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.cohere.CohereFormat;
import io.embedlake.remote.format.cohere.InputType;
import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.google.GeminiFormat;
import io.embedlake.remote.format.openai.MistralFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.format.openai.OpenAiFormat.Server;
import io.embedlake.remote.format.openai.VoyageFormat;
import io.embedlake.retry.Sleeper;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
            case OPENAI -> OpenAiFormat.of(Server.OPENAI, OpenAiFormat.Settings.of("text-embedding-3-small"));
            case MISTRAL ->
                MistralFormat.of(new MistralFormat.Settings("mistral-embed", OptionalInt.empty(), Encoding.FLOAT));
            case VOYAGE ->
                VoyageFormat.of(new VoyageFormat.Settings(
                        "voyage-3.5",
                        Optional.of(VoyageFormat.InputType.DOCUMENT),
                        Switch.OFF,
                        OptionalInt.empty(),
                        Encoding.FLOAT));
            case COHERE ->
                CohereFormat.of(new CohereFormat.Settings(
                        "embed-english-v3.0",
                        InputType.SEARCH_DOCUMENT,
                        Truncate.END,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Encoding.FLOAT));
            case GEMINI ->
                GeminiFormat.of(
                        new GeminiFormat.Settings("gemini-embedding-001", Optional.empty(), OptionalInt.empty()));
            default -> throw new IllegalArgumentException(provider.word());
        };
    }
}
