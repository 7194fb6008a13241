package io.embedlake.remote.platform.api;

import io.embedlake.remote.format.google.TaskType;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;
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
