package io.embedlake.provider.auth.token;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Sends forms to those who give out tokens. Thread-safe. */
public interface FormPost {
    /**
     * What came back. Immutable by agreement: nobody writes into its body; does not print what it holds.
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
     * Posts {@code application/x-www-form-urlencoded}.
     *
     * @throws IOException when there is no reply, or one that says to come again; its message holds nothing of the form
     */
    Answer post(URI url, Map<String, String> headers, String form) throws IOException;
}
