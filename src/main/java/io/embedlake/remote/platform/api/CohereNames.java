package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;

/** The names that Cohere's models have for options, wherever they run. Stateless. */
final class CohereNames {
    private CohereNames() {}

    /** Documents, unless the job sets another type: the API requires one. */
    static io.embedlake.remote.format.cohere.InputType inputType(ApiOptions options) {
        InputType type = options.inputType().orElse(InputType.DOCUMENT);
        boolean isSearched = type == InputType.DOCUMENT || type == InputType.QUERY;
        return type.as(
                io.embedlake.remote.format.cohere.InputType.class, isSearched ? "SEARCH_" + type.name() : type.name());
    }

    static Truncate truncate(ApiOptions options) {
        return options.truncate() == Switch.OFF ? Truncate.NONE : Truncate.END;
    }
}
