package io.embedlake.remote.limit;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the limits that providers name in the headers of their answers. Stateless. */
public final class RateHeaders {
    private static final List<String> REQUESTS =
            List.of("x-ratelimit-limit-requests", "x-ratelimit-limit-req-minute", "x-ratelimit-limit-requests-minute");
    private static final List<String> TOKENS =
            List.of("x-ratelimit-limit-tokens", "x-ratelimit-limit-tokens-minute", "x-ratelimit-limit-project-tokens");

    private RateHeaders() {}

    /**
     * The limits a minute that are named; those of other spans are left out.
     *
     * @param headers by name in lower case
     */
    public static Limits limits(Map<String, List<String>> headers) {
        return new Limits(least(headers, REQUESTS), least(headers, TOKENS), OptionalLong.empty());
    }

    private static OptionalLong least(Map<String, List<String>> headers, List<String> names) {
        return names.stream()
                .flatMap(name -> headers.getOrDefault(name, List.of()).stream())
                .filter(value -> value.matches("[0-9]{1,15}"))
                .mapToLong(Long::parseLong)
                .filter(limit -> limit > 0)
                .min();
    }
}
