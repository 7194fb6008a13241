package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.huggingface.TeiFormat;
import io.embedlake.remote.format.huggingface.TeiInfo;
import io.embedlake.remote.format.huggingface.TeiTokens;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hugging Face's text-embeddings-inference, which Inference Endpoints run too. Stateless.
 *
 * <p>A server runs one model, whatever a request names, so its model is checked when a job is described and when it is loaded. A server
 * that does not report it is trusted; it may be starting, or behind a gateway that passes nothing but embedding requests.
 */
public final class TeiPlatform extends ProviderPlatform {
    private static final String GRANULARITY = "granularity";
    private static final String PROMPT_NAME = "prompt-name";
    private static final String MOST_TEXTS = "server.max-client-batch-size";
    private static final String MOST_TOKENS = "server.max-input-length";
    private static final String RUNS = "server.runs";

    @Override
    public String name() {
        return "tei";
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "normalize", PROMPT_NAME, GRANULARITY);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return wantsTokens(options)
                ? TeiTokens.vectors(TeiNames.settings(options), budgets(options))
                : TeiFormat.of(TeiNames.settings(options), budgets(options));
    }

    @Override
    protected Optional<ModelFormat> tokenPlaces(ApiOptions options) {
        return wantsTokens(options)
                ? Optional.of(TeiTokens.places(TeiNames.settings(options), budgets(options)))
                : Optional.empty();
    }

    private static boolean wantsTokens(ApiOptions options) {
        boolean wants = options.text(GRANULARITY).equals(Optional.of("token"));
        for (String key : List.of(PROMPT_NAME, "dimensions")) {
            if (wants && options.text(key).isPresent()) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + options.model() + ": " + key
                                + " is set with granularity token (text-embeddings-inference gives tokens as the model makes them)."
                                + " Remove " + key + ".");
            }
        }
        return wants;
    }

    private static Budgets budgets(ApiOptions options) {
        Budgets usual = TeiFormat.BUDGETS;
        return new Budgets(
                options.number(MOST_TEXTS).orElse(usual.texts()),
                options.number(MOST_TOKENS).orElse(usual.textTokens()),
                usual.callTokens(),
                usual.bodyBytes());
    }

    @Override
    protected ApiOptions asked(ApiOptions options) {
        Optional<TeiInfo> info = page(options, "/info").flatMap(TeiPlatform::info);
        if (info.filter(server -> !server.serves(options.model())).isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + options.model() + ": the server at " + endpoint(options) + " runs "
                            + info.get().modelId()
                            + " (it embeds with that, whatever it is asked for). Change model or endpoint.");
        }
        return info.map(server -> with(options, server)).orElse(options);
    }

    private static ApiOptions with(ApiOptions options, TeiInfo server) {
        Map<String, String> values = new HashMap<>(options.values());
        values.put(MOST_TEXTS, Integer.toString(server.maxClientBatchSize()));
        values.put(MOST_TOKENS, Integer.toString(server.maxInputLength()));
        values.put(
                RUNS,
                server.modelId()
                        + (server.modelSha().isEmpty() ? "" : " in revision " + server.modelSha())
                        + (server.pooling().isEmpty() ? "" : ", pooling " + server.pooling())
                        + (server.dtype().isEmpty() ? "" : ", " + server.dtype())
                        + ", texts of at most " + server.maxInputLength() + " tokens"
                        + (server.autoTruncate() ? ", longer ones cut" : ""));
        return new ApiOptions(options.model(), values);
    }

    private static Optional<TeiInfo> info(byte[] page) {
        try {
            return Optional.of(TeiInfo.read(page));
        } catch (WrongAnswer e) {
            return Optional.empty();
        }
    }

    @Override
    protected List<String> notes(ApiOptions asked) {
        return List.of(
                asked.text(RUNS)
                        .map(runs -> "The server runs " + runs + ".")
                        .orElse(
                                "The server does not say what it runs now (GET /info); it is asked again before the first text is sent."));
    }

    @Override
    public boolean isSelfHosted() {
        return true;
    }
}
