package io.embedlake.remote.format.cohere;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What Cohere's models are told about the texts. */
public enum InputType {
    /** What is found. */
    SEARCH_DOCUMENT,
    /** What is searched for. */
    SEARCH_QUERY,
    /** What a classifier gets. */
    CLASSIFICATION,
    /** What is grouped. */
    CLUSTERING;

    /** As it is sent. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
