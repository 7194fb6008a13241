package io.embedlake.fake.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.settings.Cap;
import java.util.Optional;
import java.util.Set;

/** One provider's servers. Subclasses are thread-safe: what changes is in their service. */
public abstract class Api {
    private static final String BEARER = "Bearer ";

    private final Service service;

    protected Api(Service service) {
        this.service = service;
    }

    /** Answers a request; nothing that a client sends makes it fail. */
    public final Response answer(Request request) {
        try {
            return serve(request);
        } catch (Refusal refusal) {
            return refusal.response();
        }
    }

    /** Answers or throws a {@link Refusal}. */
    protected abstract Response serve(Request request);

    protected final Service service() {
        return service;
    }

    /** The key of {@code Authorization: Bearer}. */
    protected static Optional<String> bearer(Request request) {
        return request.header("authorization")
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()));
    }

    /** The object in a body. */
    protected final JsonNode body(Request request, Errors errors) {
        return body(request, errors, Long.MAX_VALUE);
    }

    /**
     * The object in a body.
     *
     * @param bytes that the provider takes at most
     */
    protected final JsonNode body(Request request, Errors errors, long bytes) {
        long cap = service.cap(Cap.BODY_BYTES, bytes);
        if (request.body().length > cap) {
            throw new Refusal(errors.tooBig(request.body().length, cap));
        }
        return Json.read(request.body()).filter(JsonNode::isObject).orElseThrow(() -> new Refusal(errors.unreadable()));
    }

    /** The first field that is not one of these. */
    protected static Optional<String> unknown(JsonNode body, Set<String> known) {
        Iterable<String> names = body::fieldNames;
        for (String name : names) {
            if (!known.contains(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
