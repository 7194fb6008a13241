package io.embedlake.remote.platform;

import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the texts are, under common names that are mapped to each provider's. */
public enum InputType {
    /** What is found. */
    DOCUMENT,
    /** What is searched for. */
    QUERY,
    /** Texts that are compared. */
    SIMILARITY,
    /** What a classifier gets. */
    CLASSIFICATION,
    /** What is grouped. */
    CLUSTERING;

    /** The option that says what the texts of a column are. */
    public static final PlatformOption OPTION = PlatformOption.choice(
            "input-type",
            names(),
            "document with cohere and bedrock; else nothing is said",
            "What the provider is told about the texts; it changes vectors.",
            "document");

    /** The option that says what the query of a search is. */
    public static final PlatformOption QUERY_OPTION = PlatformOption.choice(
            "query-input-type",
            names(),
            "query where texts are documents, else input-type",
            "What the provider is told about a search's query; changes no vector of the column.",
            "query");

    private static List<String> names() {
        return Stream.of(values()).map(InputType::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
