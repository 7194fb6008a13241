package io.embedlake.remote.format.cohere;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the texts are, for Cohere's models. */
public enum InputType {
    /** Documents. */
    SEARCH_DOCUMENT,
    /** Queries. */
    SEARCH_QUERY,
    /** Input of a classifier. */
    CLASSIFICATION,
    /** Input of clustering. */
    CLUSTERING;

    /** Its value in requests. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
