package io.embedlake.fake.settings;

/** What a provider limits of a single call. */
public enum Cap {
    /** How many texts a call may have. */
    TEXTS,
    /** How many tokens a text may have. */
    TEXT_TOKENS,
    /** How many tokens all texts of a call may have. */
    CALL_TOKENS,
    /** How many bytes the body of a call may have. */
    BODY_BYTES
}
