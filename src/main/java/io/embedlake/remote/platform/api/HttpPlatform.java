package io.embedlake.remote.platform.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.answer.JsonPath;
import io.embedlake.remote.format.answer.PathVectors;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.JsonTemplate;
import io.embedlake.remote.platform.Api;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Wire;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.PlatformOption;
import java.util.Optional;

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

    public HttpPlatform() {
        super(Api.named("http")
                .signed(GatewayKey::of)
                .declares(
                        REQUEST,
                        QUERY_REQUEST,
                        VECTORS,
                        INDICES,
                        USAGE,
                        TEXTS_PER_CALL,
                        GatewayKey.KEY_HEADER,
                        SERVER_LABEL));
    }

    @Override
    protected Wire call(ApiOptions options) {
        JsonTemplate request = JsonTemplate.of(options.required(REQUEST.name(), "{\"input\": \"{texts}\"}"));
        String place = options.required(VECTORS.name(), "data[*].embedding");
        JsonPath vectors = JsonPath.of(VECTORS.name(), place);
        Optional<JsonPath> indices = path(options, INDICES);
        Optional<JsonPath> usage = path(options, USAGE);
        int texts = options.number(TEXTS_PER_CALL.name()).orElse(request.holdsList() ? TEXTS : 1);
        Options.require(
                REQUEST.name(),
                request,
                texts > 1 ? request.holdsList() : request.holdsOne(),
                "JSON that holds \"{texts}\" once, or \"{text}\" once in a list; without a list texts-per-call is 1");
        return Wire.post(request, body -> new PathVectors(Json.read(body, JsonNode.class), vectors, indices, usage))
                .inFingerprint(REQUEST.name(), request.toString())
                .inFingerprint(VECTORS.name(), place)
                .budgets(texts, Integer.MAX_VALUE, Long.MAX_VALUE, BYTES);
    }

    private static Optional<JsonPath> path(ApiOptions options, PlatformOption option) {
        return options.text(option.name()).map(path -> JsonPath.of(option.name(), path));
    }

    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        return request.option(QUERY_REQUEST.name())
                .map(query -> column.with(REQUEST.name(), query))
                .orElse(column);
    }
}
