package io.embedlake.remote.auth.token;

import java.io.IOException;

/** Sends requests to token issuers. Thread-safe. */
public interface TokenHttp {
    /**
     * What came back. Immutable by convention: its body is not modified; does not print what it holds.
     *
     * @param status of HTTP
     * @param body may hold a token
     */
    record Answer(int status, byte[] body) {
        @Override
        public String toString() {
            return "HTTP " + status;
        }
    }

    /**
     * The answer to a request.
     *
     * @throws IOException when there is no reply, or one that asks to retry; its message holds nothing of the request
     */
    Answer send(TokenRequest request) throws IOException;
}
