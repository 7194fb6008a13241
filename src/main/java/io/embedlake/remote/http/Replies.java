package io.embedlake.remote.http;

import io.embedlake.remote.format.Reply;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Response;

/**
 * Answers of servers. Some repeat a refused key in their words; here, where the request is at hand, its secrets are taken out of them.
 * Stateless.
 */
public final class Replies {
    private static final Pattern OF_SECRETS =
            Pattern.compile("auth|key|token|secret|cookie|credential|pass", Pattern.CASE_INSENSITIVE);
    private static final int SHORTEST_SECRET = 6;
    private static final String HIDDEN = "***";
    /** Keeps bytes of any encoding; secrets in headers are ASCII. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private Replies() {}

    /**
     * The answer to a request.
     *
     * @param body its body, already read
     */
    public static Reply of(Response response, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : response.headers().names()) {
            headers.put(name.toLowerCase(Locale.ROOT), response.headers(name));
        }
        return new Reply(
                response.code(),
                headers,
                response.isSuccessful()
                        ? body
                        : withoutSecrets(response.request().headers(), body));
    }

    private static byte[] withoutSecrets(Headers request, byte[] body) {
        String words = new String(body, BYTES);
        for (String name : request.names()) {
            String value = request.get(name);
            // Such as "Bearer " and the key.
            String secret = value.substring(value.lastIndexOf(' ') + 1);
            if (OF_SECRETS.matcher(name).find() && secret.length() >= SHORTEST_SECRET) {
                words = words.replace(secret, HIDDEN);
            }
        }
        return words.getBytes(BYTES);
    }
}
