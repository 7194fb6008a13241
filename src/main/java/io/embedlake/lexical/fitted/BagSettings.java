package io.embedlake.lexical.fitted;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a job asks of a bag of terms, defaults included. Immutable.
 *
 * @param terms what texts are taken apart into
 * @param weighting how much a term counts
 * @param vocabulary the maximum size of the vocabulary
 * @param minDocuments in how many texts of the sample a term must occur to enter the vocabulary
 * @param dimensions the length of a vector; not given when it is that of the vocabulary
 */
public record BagSettings(Terms terms, Weighting weighting, int vocabulary, int minDocuments, OptionalInt dimensions) {
    static final String DIMENSIONS = "dimensions";
    static final String VOCABULARY = "vocabulary";
    static final String MIN_DOCUMENTS = "min-documents";

    /** The value of {@code dimensions} that asks for a number for each term. */
    static final String ALL_TERMS = "vocabulary";

    private static final int DEFAULT_VOCABULARY = 20_000;
    private static final int DEFAULT_MIN_DOCUMENTS = 1;
    private static final int DEFAULT_DIMENSIONS = 256;

    static BagSettings of(EmbedderRequest request, Terms terms, Weighting weighting) {
        String dimensions = request.option(DIMENSIONS).orElse(String.valueOf(DEFAULT_DIMENSIONS));
        return new BagSettings(
                terms,
                weighting,
                vocabulary(request),
                minDocuments(request),
                dimensions.equals(ALL_TERMS) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(dimensions)));
    }

    static int vocabulary(EmbedderRequest request) {
        return request.number(VOCABULARY).orElse(DEFAULT_VOCABULARY);
    }

    static int minDocuments(EmbedderRequest request) {
        return request.number(MIN_DOCUMENTS).orElse(DEFAULT_MIN_DOCUMENTS);
    }

    /** The settings as properties of a fingerprint. */
    Map<String, String> properties() {
        return Map.of(
                "terms",
                terms.name(),
                "weighting",
                weighting.toString(),
                VOCABULARY,
                String.valueOf(vocabulary),
                MIN_DOCUMENTS,
                String.valueOf(minDocuments),
                DIMENSIONS,
                dimensions.isPresent() ? String.valueOf(dimensions.getAsInt()) : ALL_TERMS);
    }

    /**
     * Makes sure that a model can be made of these terms.
     *
     * @param found the terms of the vocabulary
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are none, or fewer than a vector has numbers
     */
    public void requireTerms(List<String> found, long texts) {
        if (found.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot fit a vocabulary: none of the " + terms.plural() + " of " + texts + " texts stands in "
                            + minDocuments + " of them (at least one must). Set min-documents to less, or embed another"
                            + " attribute.");
        }
        requireDimensions(found.size(), terms.plural());
    }

    /**
     * Makes sure that a sample has room for the vectors' dimensions.
     *
     * @param most the most dimensions that can be fitted
     * @param what what they are limited by
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    public void requireDimensions(long most, String what) {
        if (dimensions.isPresent() && dimensions.getAsInt() > most) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot fit " + dimensions.getAsInt() + " dimensions: the sample has " + most + " " + what
                            + " (no more dimensions than that can be told apart). Set dimensions to at most " + most
                            + ", or to vocabulary.");
        }
    }
}
