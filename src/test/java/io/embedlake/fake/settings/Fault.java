package io.embedlake.fake.settings;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What can go wrong with an answer; each has been seen of a real provider or of what stood before it. */
public enum Fault {
    /** Status 500. */
    SERVER_ERROR(Stage.STATUS),
    /** Status 503. */
    UNAVAILABLE(Stage.STATUS),
    /** Status 529, which the standard does not know. */
    OVERLOADED(Stage.STATUS),
    /** Status 503 of a server that loads its model. */
    LOADING(Stage.STATUS),
    /** Status 401: what was a good key is none any more. */
    EXPIRED(Stage.STATUS),
    /** Status 502 with a page for people. */
    HTML_502(Stage.STATUS),
    /** Status 413 with a page for people, of a proxy that takes less than the provider. */
    HTML_413(Stage.STATUS),
    /** Status 429 that does not say for how long. */
    RATE(Stage.STATUS),
    /** Status 429 with {@code Retry-After: 1}. */
    RETRY_AFTER_SECONDS(Stage.STATUS),
    /** Status 429 with a {@code Retry-After} that is a date, one second away. */
    RETRY_AFTER_DATE(Stage.STATUS),
    /** Status 429 with {@code Retry-After: 0}. */
    RETRY_AFTER_ZERO(Stage.STATUS),
    /** Status 429 with {@code Retry-After: 86400}. */
    RETRY_AFTER_DAY(Stage.STATUS),
    /** Status 429 with {@code retry-after-ms: 50}. */
    RETRY_AFTER_MS(Stage.STATUS),
    /** Status 429 with {@code Retry-After: 1} and {@code Retry-After-Ms: 0}, as Azure sends them together. */
    RETRY_AFTER_MIXED(Stage.STATUS),
    /** The account has no money left, in the provider's words. */
    QUOTA(Stage.STATUS),
    /** An error in a body of status 200. */
    ERROR_IN_SUCCESS(Stage.STATUS),

    /** The vectors in another order, each with its index; only where there is an index. */
    SHUFFLED(Stage.CONTENT),
    /** A vector without its index; only where there is one. */
    INDEX_MISSING(Stage.CONTENT),
    /** Two vectors with the same index; only where there is one and more than one text. */
    INDEX_TWICE(Stage.CONTENT),
    /** One vector less than texts. */
    VECTOR_MISSING(Stage.CONTENT),
    /** One vector more than texts. */
    VECTOR_EXTRA(Stage.CONTENT),
    /** A vector that is shorter than the others. */
    VECTOR_SHORT(Stage.CONTENT),
    /** No vectors at all. */
    NO_VECTORS(Stage.CONTENT),
    /** One vector for all texts together. */
    FUSED(Stage.CONTENT),
    /** A {@code null} in a vector: what becomes of not-a-number in some servers. */
    NULL_ELEMENT(Stage.CONTENT),
    /** A {@code NaN} in a vector, which is not even JSON; within base64 it is a float like any other. */
    NAN_ELEMENT(Stage.CONTENT),
    /** Numbers where base64 was asked for, and the reverse. */
    OTHER_FORM(Stage.CONTENT),
    /** Base64 of 64-bit numbers. */
    DOUBLES(Stage.CONTENT),

    /** A body that ends before its end, properly delivered. */
    HALF_JSON(Stage.DELIVERY),
    /** The first byte comes late. */
    SLOW(Stage.DELIVERY),
    /** The connection ends in the middle of the body. */
    CUT(Stage.DELIVERY),
    /** The connection ends without an answer. */
    RESET(Stage.DELIVERY),
    /** A body compressed with gzip, asked for or not. */
    GZIP(Stage.DELIVERY),
    /** A body in chunks, without a length. */
    CHUNKED(Stage.DELIVERY);

    /** Where it happens. */
    public enum Stage {
        /** Before any vector is made: nothing is billed. */
        STATUS,
        /** In the vectors, which are billed. */
        CONTENT,
        /** On the way back, after vectors were billed. */
        DELIVERY
    }

    private final Stage stage;

    Fault(Stage stage) {
        this.stage = stage;
    }

    /** Where it happens. */
    public Stage stage() {
        return stage;
    }

    /** How it is written in options: lower case with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is written so. */
    public static Optional<Fault> named(String word) {
        return Stream.of(values()).filter(fault -> fault.word().equals(word)).findFirst();
    }

    /** Those that a careful client gets over by trying again or by looking closely, without a person. */
    public static Set<Fault> recoverable() {
        return EnumSet.of(
                SERVER_ERROR,
                UNAVAILABLE,
                OVERLOADED,
                HTML_502,
                RATE,
                RETRY_AFTER_SECONDS,
                RETRY_AFTER_DATE,
                RETRY_AFTER_ZERO,
                RETRY_AFTER_MS,
                RETRY_AFTER_MIXED,
                ERROR_IN_SUCCESS,
                SHUFFLED,
                INDEX_MISSING,
                INDEX_TWICE,
                VECTOR_MISSING,
                VECTOR_EXTRA,
                VECTOR_SHORT,
                NO_VECTORS,
                NULL_ELEMENT,
                NAN_ELEMENT,
                OTHER_FORM,
                HALF_JSON,
                SLOW,
                CUT,
                RESET,
                GZIP,
                CHUNKED);
    }
}
