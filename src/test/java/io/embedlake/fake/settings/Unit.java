package io.embedlake.fake.settings;

/** What a provider counts when it limits its clients. */
public enum Unit {
    /** Calls; where a provider counts each text of a call as one, those. */
    REQUESTS,
    /** Tokens of the texts. */
    TOKENS,
    /** Texts. */
    INPUTS
}
