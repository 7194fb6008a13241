package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.HeaderKey;
import io.embedlake.provider.platform.ApiOptions;
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
