package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.wire.cohere.Truncate;
import io.embedlake.provider.wire.format.Switch;

/** The names that Cohere's models have for options, wherever they run. Stateless. */
final class CohereNames {
    private CohereNames() {}

    /** Documents, unless the job says something else: the API wants to be told. */
    static io.embedlake.provider.wire.cohere.InputType inputType(ApiOptions options) {
        InputType type = options.inputType().orElse(InputType.DOCUMENT);
        boolean isSearched = type == InputType.DOCUMENT || type == InputType.QUERY;
        return type.as(
                io.embedlake.provider.wire.cohere.InputType.class, isSearched ? "SEARCH_" + type.name() : type.name());
    }

    static Truncate truncate(ApiOptions options) {
        return options.truncate() == Switch.OFF ? Truncate.NONE : Truncate.END;
    }
}
