package io.embedlake.provider.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.provider.wire.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Asks for a token and reads the answer: the token, or why there is none. Immutable.
 *
 * @param post what sends the form
 * @param clock says when a token expires
 * @param remedies what to do about errors, the first that fits
 */
record TokenAnswer(FormPost post, Clock clock, List<Remedy> remedies) {
    private static final long USUAL_SECONDS = 3600;
    private static final Pattern ENTRA_CODE = Pattern.compile("\\bAADSTS\\d{4,9}\\b");

    /**
     * What is behind an error, by its code and words.
     *
     * @param words to look for
     * @param advice the rule and what to do, to be read after the code
     */
    record Remedy(Pattern words, String advice) {
        static Remedy of(String words, String advice) {
            return new Remedy(Pattern.compile(words, Pattern.CASE_INSENSITIVE), advice);
        }
    }

    TokenAnswer {
        Objects.requireNonNull(post);
        Objects.requireNonNull(clock);
        remedies = List.copyOf(remedies);
    }

    AccessToken ask(URI url, Map<String, String> headers, Map<String, String> fields) {
        String form = new TreeMap<>(fields)
                .entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        FormPost.Answer answer;
        try {
            answer = post.post(url, headers, form);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.TRANSIENT,
                    "Cannot get an access token: " + url.getHost() + " (no answer; " + said(e)
                            + "). Check the network, and token-endpoint where it is set, or run it again later.",
                    e);
        }
        JsonNode reply = Json.tree(answer.body());
        String token = reply.path("access_token").asText("");
        if (token.isEmpty()) {
            throw refused(url, answer, reply);
        }
        return new AccessToken(
                token, clock.instant().plusSeconds(reply.path("expires_in").asLong(USUAL_SECONDS)));
    }

    /** The description may repeat what was sent: it is looked at, and only the code that Entra puts into it is shown. */
    private EmbedlakeException refused(URI url, FormPost.Answer answer, JsonNode reply) {
        String code = reply.path("error").asText("").replaceAll("[^A-Za-z0-9_ ]", "");
        String description = reply.path("error_description").asText("");
        Matcher entra = ENTRA_CODE.matcher(description);
        String shown = code.isEmpty() ? "no token in the answer" : code + (entra.find() ? ", " + entra.group() : "");
        String words = code + " " + description;
        String advice = remedies.stream()
                .filter(remedy -> remedy.words().matcher(words).find())
                .map(Remedy::advice)
                .findFirst()
                .orElse(
                        "there is nobody who gives out tokens at this address). Change token-endpoint, tenant or endpoint.");
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot get an access token: " + url.getHost() + " answers HTTP " + answer.status() + ", " + shown
                        + " (" + advice);
    }

    private static String said(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
