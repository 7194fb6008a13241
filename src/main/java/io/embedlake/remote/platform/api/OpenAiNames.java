package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.Locale;

/** What keys are called where OpenAI's API is spoken. Stateless. */
final class OpenAiNames {
    static final PlatformOption ENCODING = PlatformOption.choice(
            "encoding",
            List.of("base64", "float"),
            "base64; openai-compatible: float",
            "How the answer is asked to write vectors: base64 is a quarter of the bytes; some gateways know float only. Either is"
                    + " read, whatever was asked for.",
            "float");

    static final PlatformOption USER = PlatformOption.text(
            "user",
            "a name",
            "nobody is named",
            "Whom the provider is to see as the end user; changes no fingerprint.",
            "team-search");

    private OpenAiNames() {}

    static OpenAiFormat.Settings settings(ApiOptions options) {
        return new OpenAiFormat.Settings(
                options.model(),
                options.dimensions(),
                options.text(ENCODING.name()).map(name -> Encoding.valueOf(name.toUpperCase(Locale.ROOT))),
                options.text(USER.name()));
    }
}
