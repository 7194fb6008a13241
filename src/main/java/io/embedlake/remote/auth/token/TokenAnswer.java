package io.embedlake.remote.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.json.Json;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests a token and reads the answer: the token, or why there is none. Immutable.
 *
 * @param http sends requests
 * @param clock says when a token expires
 * @param remedies what to do about errors, the first that fits
 * @param silence what to do when no server answers, as a sentence
 */
record TokenAnswer(TokenHttp http, Clock clock, List<Remedy> remedies, String silence) {
    private static final long USUAL_SECONDS = 3600;
    private static final String CHECK_NETWORK =
            "Check the network, and token-endpoint where it is set, or run it again later.";
    private static final Pattern ENTRA_CODE = Pattern.compile("\\bAADSTS\\d{4,9}\\b");

    /**
     * The meaning of an error, by its code and words.
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
        Objects.requireNonNull(http);
        Objects.requireNonNull(clock);
        remedies = List.copyOf(remedies);
        Objects.requireNonNull(silence);
    }

    /** Of a server that is reached over the network. */
    TokenAnswer(TokenHttp http, Clock clock, List<Remedy> remedies) {
        this(http, clock, remedies, CHECK_NETWORK);
    }

    AccessToken ask(TokenRequest request) {
        URI url = request.url();
        TokenHttp.Answer answer;
        try {
            answer = http.send(request);
        } catch (IOException e) {
            throw silent(request, e);
        }
        JsonNode reply = Json.tree(answer.body());
        String token =
                reply.path("access_token").asText(reply.path("accessToken").asText(""));
        if (token.isEmpty()) {
            throw refused(url, answer, reply);
        }
        return new AccessToken(token, end(reply));
    }

    /** Servers name a time to live, an end as seconds since 1970, or an end as a date. */
    private Instant end(JsonNode reply) {
        if (reply.hasNonNull("expires_on") && !reply.hasNonNull("expires_in")) {
            return Instant.ofEpochSecond(reply.path("expires_on").asLong());
        }
        try {
            return reply.hasNonNull("expireTime")
                    ? Instant.parse(reply.path("expireTime").asText())
                    : clock.instant().plusSeconds(reply.path("expires_in").asLong(USUAL_SECONDS));
        } catch (DateTimeException e) {
            return clock.instant().plusSeconds(USUAL_SECONDS);
        }
    }

    /** A metadata service that does not answer means that the machine has no identity: a configuration error. */
    private EmbedlakeException silent(TokenRequest request, IOException failure) {
        boolean isNear = request.reach() == TokenRequest.Reach.NEAR;
        return new EmbedlakeException(
                isNear ? ErrorKind.CONFIGURATION : ErrorKind.TRANSIENT,
                "Cannot get an access token: " + request.url().getHost() + " (no answer"
                        + (isNear ? " of a metadata service; " : "; ") + said(failure) + "). " + silence,
                failure);
    }

    /** The description may repeat what was sent: it is looked at, and only the code that Entra puts into it is shown. */
    private EmbedlakeException refused(URI url, TokenHttp.Answer answer, JsonNode reply) {
        JsonNode error = reply.path("error");
        String code =
                (error.isObject() ? error.path("status") : error).asText("").replaceAll("[^A-Za-z0-9_ ]", "");
        String description =
                error.path("message").asText(reply.path("error_description").asText(""));
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
}
