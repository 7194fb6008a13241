package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.wire.format.Encoding;
import io.embedlake.provider.wire.openai.OpenAiFormat;
import java.util.Locale;

/** What keys are called where OpenAI's API is spoken. Stateless. */
final class OpenAiNames {
    static final String ENCODING = "encoding";
    static final String USER = "user";

    private OpenAiNames() {}

    static OpenAiFormat.Settings settings(ApiOptions options) {
        return new OpenAiFormat.Settings(
                options.model(),
                options.dimensions(),
                options.text(ENCODING).map(name -> Encoding.valueOf(name.toUpperCase(Locale.ROOT))),
                options.text(USER));
    }
}
