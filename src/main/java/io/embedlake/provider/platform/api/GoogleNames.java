package io.embedlake.provider.platform.api;

import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.wire.google.TaskType;
import java.util.Optional;

/** The names that Google's models have for options, wherever they run. Stateless. */
final class GoogleNames {
    private GoogleNames() {}

    static Optional<TaskType> taskType(ApiOptions options) {
        return options.inputType().map(GoogleNames::taskType);
    }

    private static TaskType taskType(InputType type) {
        return switch (type) {
            case DOCUMENT -> TaskType.RETRIEVAL_DOCUMENT;
            case QUERY -> TaskType.RETRIEVAL_QUERY;
            case SIMILARITY -> TaskType.SEMANTIC_SIMILARITY;
            case CLASSIFICATION -> TaskType.CLASSIFICATION;
            case CLUSTERING -> TaskType.CLUSTERING;
        };
    }
}
