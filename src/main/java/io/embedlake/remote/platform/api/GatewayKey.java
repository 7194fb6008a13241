package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.spi.PlatformOption;
import java.util.function.Supplier;

/** A key in the header that the job names, as gateways have it. Stateless. */
final class GatewayKey {
    static final PlatformOption KEY_HEADER = PlatformOption.text(
            "key-header",
            "letters, digits, -",
            "[A-Za-z0-9-]{1,64}",
            "Authorization, with Bearer before the key",
            "The header that holds the key.",
            "X-Api-Key");

    private GatewayKey() {}

    static Credentials of(ApiOptions options, Supplier<String> key) {
        return options.text(KEY_HEADER.name())
                .map(header -> HeaderKey.named(header, key))
                .orElseGet(() -> HeaderKey.bearer(key));
    }
}
