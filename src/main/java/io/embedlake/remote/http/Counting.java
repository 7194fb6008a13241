package io.embedlake.remote.http;

import io.embedlake.remote.limit.Cost;

/** What a provider counts as a request. */
public enum Counting {
    /** Each call. */
    CALLS,
    /** Each text of a call. */
    TEXTS;

    Cost cost(int texts, long tokens) {
        return new Cost(this == CALLS ? 1 : texts, tokens, texts);
    }
}
