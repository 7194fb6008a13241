package io.embedlake.provider.platform.api;

import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.HeaderKey;
import io.embedlake.provider.platform.ApiOptions;
import java.util.function.Supplier;

/** A key in the header that the job names, as gateways have it. Stateless. */
final class GatewayKey {
    static final String KEY_HEADER = "key-header";

    private GatewayKey() {}

    static Credentials of(ApiOptions options, Supplier<String> key) {
        return options.text(KEY_HEADER)
                .map(header -> HeaderKey.named(header, key))
                .orElseGet(() -> HeaderKey.bearer(key));
    }
}
