package io.embedlake.remote.http;

import io.embedlake.remote.format.Reading.Fault;

/**
 * A request that failed as a whole and was cut in two: if both halves succeed unchanged, only its size was wrong. Not thread-safe: confined
 * to the client's event loop.
 */
final class HalvedRequest {
    private final int texts;
    private final long tokens;
    private final long characters;
    private final Fault fault;
    private int passed;

    HalvedRequest(int texts, long tokens, long characters, Fault fault) {
        this.texts = texts;
        this.tokens = tokens;
        this.characters = characters;
        this.fault = fault;
    }

    int texts() {
        return texts;
    }

    long tokens() {
        return tokens;
    }

    long characters() {
        return characters;
    }

    Fault fault() {
        return fault;
    }

    /** One of the halves has its vectors; whether both have by now. */
    boolean halfPassed() {
        passed++;
        return passed == 2;
    }
}
