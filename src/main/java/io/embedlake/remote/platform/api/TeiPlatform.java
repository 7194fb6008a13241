package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.answer.BareVectors;
import io.embedlake.remote.format.answer.TeiInfo;
import io.embedlake.remote.format.answer.TokenVectors;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.fault.Rule;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.Parameter;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

    /** For a server that has not been asked for its own; the bytes are what it takes by default. */
    private static final Budgets USUAL = new Budgets(32, Integer.MAX_VALUE, Long.MAX_VALUE, 2_000_000);

    /** More than other calls: a token's vector takes as long to read as that of a whole text. */
    private static final long TOKENS_OF_VECTORS = 8192;

    /** A front end answers while a container that was scaled to zero starts, for minutes. */
    private static final ErrorClassifier FAULTS = ErrorClassifier.with(
            Rule.words("Overloaded", Cause.RATE).at(429),
            Rule.tooMuch("batch size \\d+ > maximum allowed batch size (?<cap>\\d+)", Budgets.Part.TEXTS),
            Rule.words("\\bTokenizer\\b|`inputs` cannot be empty", Cause.BAD_TEXT)
                    .at(400, 422),
            Rule.words("", Cause.LOADING).at(502, 503));

    private static final Wire TOKEN_VECTORS = tokens(
                    "/embed_all",
                    """
                    {"inputs": "{texts}", "truncate": "{long-text}"}""",
                    TokenVectors.Rows.class)
            .inFingerprint(GRANULARITY, "token");

    private static final Wire TOKEN_PLACES =
            tokens("/tokenize", "{\"inputs\": \"{texts}\"}", TokenVectors.Places.class);

    public TeiPlatform() {
        super(Api.named("tei").selfHosted().declares(SERVER_LABEL).calls(embed(options -> "/embed"), TOKEN_VECTORS));
    }

    /** A call for vectors of whole texts, wherever it runs; the model is in the fingerprint, and not sent. */
    static Wire embed(Function<ApiOptions, String> path) {
        return Wire.post(
                        path,
                        """
                        {"inputs": "{texts}", "truncate": "{long-text}", "prompt_name": "{prompt-name}", "normalize": "{normalize}",
                         "dimensions": "{dimensions}"}""",
                        BareVectors.class)
                .with(
                        Parameter.dimensions(),
                        Parameter.longText(true, false).inFingerprint("truncate"),
                        Parameter.flag("normalize"),
                        Parameter.text(PROMPT_NAME))
                .faults(FAULTS)
                .budgets(TeiPlatform::budgets);
    }

    private static Wire tokens(String path, String body, Class<? extends TokenVectors> answer) {
        return Wire.post(path, body, answer)
                .with(
                        Parameter.longText(true, false).inFingerprint("truncate"),
                        Parameter.flag("normalize"),
                        Parameter.text(GRANULARITY).notInFingerprint())
                .faults(FAULTS)
                .budgets(options -> budgets(options).capped(Budgets.Part.CALL_TOKENS, TOKENS_OF_VECTORS));
    }

    @Override
    protected Wire call(ApiOptions options) {
        return wantsTokens(options) ? TOKEN_VECTORS : super.call(options);
    }

    @Override
    protected Optional<Wire> tokenPlaces(ApiOptions options) {
        return wantsTokens(options) ? Optional.of(TOKEN_PLACES) : Optional.empty();
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
        return new Budgets(
                options.number(MOST_TEXTS).orElse(USUAL.texts()),
                options.number(MOST_TOKENS).orElse(USUAL.textTokens()),
                USUAL.callTokens(),
                USUAL.bodyBytes());
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
}
