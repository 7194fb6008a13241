package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.http.TemplateFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.function.Supplier;

/** Any other HTTP API: the job gives a template of its request and the path of the vectors in the answer. Stateless. */
public final class HttpPlatform extends ProviderPlatform {
    private static final PlatformOption REQUEST = PlatformOption.text(
            "request",
            "a JSON text",
            "http needs one",
            "The body of a call, in JSON: the text \"{texts}\" becomes the list of texts, or the element of a list that holds"
                    + " \"{text}\" is repeated for each; without a list around it, a call has one text. \"{model}\" becomes the model.",
            "'{\"model\": \"{model}\", \"input\": \"{texts}\"}'");

    private static final PlatformOption QUERY_REQUEST = PlatformOption.text(
            "query-request",
            "a JSON text",
            "request",
            "What a search sends in its place; changes no vector of the column.",
            "'{\"model\": \"{model}\", \"input\": \"{texts}\", \"task\": \"query\"}'");

    private static final PlatformOption VECTORS = PlatformOption.text(
            "vectors",
            "a path",
            "http needs one",
            "Where the vectors stand in the answer, lists of numbers in the order of the texts: names and places joined by points,"
                    + " [*] for every element.",
            "data[*].embedding");

    private static final PlatformOption INDICES = PlatformOption.text(
            "indices",
            "a path",
            "vectors come in the order of the texts",
            "Where the numbers of their texts stand, from 0, if the answer has some.",
            "data[*].index");

    private static final PlatformOption USAGE = PlatformOption.text(
            "usage",
            "a path",
            "tokens are estimated",
            "Where the answer says how many tokens are charged.",
            "usage.total_tokens");

    private static final PlatformOption TEXTS_PER_CALL = PlatformOption.whole(
            "texts-per-call", 1, 10_000, "32; 1 when request has no list of texts", "The most texts of a call.", "96");

    /** The limits are unknown: as many texts as most APIs accept, in a megabyte. Refusals lower them. */
    private static final int TEXTS = 32;

    private static final long BYTES = 1 << 20;

    @Override
    public String name() {
        return "http";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return GatewayKey.of(options, key);
    }

    @Override
    protected List<String> ownOptions() {
        return List.of();
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(REQUEST, QUERY_REQUEST, VECTORS, INDICES, USAGE, TEXTS_PER_CALL, GatewayKey.KEY_HEADER);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        String request = options.required(REQUEST.name(), "{\"input\": \"{texts}\"}");
        int texts = options.number(TEXTS_PER_CALL.name()).orElse(TemplateFormat.holdsList(request) ? TEXTS : 1);
        return TemplateFormat.of(new TemplateFormat.Settings(
                options.model(),
                "",
                request,
                options.required(VECTORS.name(), "data[*].embedding"),
                options.text(INDICES.name()),
                options.text(USAGE.name()),
                new Budgets(texts, Integer.MAX_VALUE, Long.MAX_VALUE, BYTES)));
    }

    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        return request.option(QUERY_REQUEST.name())
                .map(query -> column.with(REQUEST.name(), query))
                .orElse(column);
    }
}
