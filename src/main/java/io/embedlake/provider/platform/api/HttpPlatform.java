package io.embedlake.provider.platform.api;

import io.embedlake.embed.EmbedderRequest;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.wire.Budgets;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.http.TemplateFormat;
import java.util.List;
import java.util.function.Supplier;

/** An API that embedlake does not know: the job gives its request and says where the vectors stand in the answer. Stateless. */
public final class HttpPlatform extends ProviderPlatform {
    private static final String REQUEST = "request";
    private static final String QUERY_REQUEST = "query-request";
    private static final String VECTORS = "vectors";

    /** Nothing is known of it: as many texts as most take, in a megabyte. A refusal teaches less. */
    private static final int TEXTS = 32;

    private static final long BYTES = 1 << 20;

    @Override
    public String name() {
        return "http";
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key) {
        return GatewayKey.of(options, key);
    }

    @Override
    protected List<String> ownOptions() {
        return List.of(REQUEST, QUERY_REQUEST, VECTORS, "indices", "usage", "texts-per-call", GatewayKey.KEY_HEADER);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        String request = options.required(REQUEST, "{\"input\": \"{texts}\"}");
        int texts = options.number("texts-per-call").orElse(TemplateFormat.holdsList(request) ? TEXTS : 1);
        return TemplateFormat.of(new TemplateFormat.Settings(
                options.model(),
                "",
                request,
                options.required(VECTORS, "data[*].embedding"),
                options.text("indices"),
                options.text("usage"),
                new Budgets(texts, Integer.MAX_VALUE, Long.MAX_VALUE, BYTES)));
    }

    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        return request.option(QUERY_REQUEST)
                .map(query -> column.with(REQUEST, query))
                .orElse(column);
    }
}
