package io.embedlake.local.hub;

import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends requests and follows redirects by hand: the token goes to the endpoint only, and the answers on the way are looked at.
 * Thread-safe.
 */
final class HubHttp {
    private static final int MOST_REDIRECTS = 10;

    private final OkHttpClient client;
    private final HttpUrl endpoint;
    private final HubToken token;
    private final Clock clock;
    private final HubErrors errors;

    HubHttp(HubSettings settings, Clock clock, HubErrors errors) {
        this.endpoint = HttpUrl.get(settings.endpoint().toString());
        this.token = settings.token();
        this.clock = clock;
        this.errors = errors;
        this.client = settings.proxies()
                .through(new OkHttpClient.Builder())
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(settings.timeout())
                .readTimeout(settings.timeout())
                .writeTimeout(settings.timeout())
                .build();
    }

    /** An address below the endpoint. */
    HttpUrl.Builder address() {
        return endpoint.newBuilder();
    }

    boolean isEndpoint(HttpUrl address) {
        return address.scheme().equals(endpoint.scheme())
                && address.host().equals(endpoint.host())
                && address.port() == endpoint.port();
    }

    /**
     * Sends a request and follows redirects until an answer is not a redirect, or is sufficient. The caller closes the answer.
     *
     * @throws TransferException when the server cannot serve just now, or a storage host refuses: its addresses expire, and the next
     *     attempt gets a fresh one
     */
    Response send(HttpUrl address, UnaryOperator<Request.Builder> kind, Predicate<Response> isEnough)
            throws IOException {
        HttpUrl next = address;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Response answer = client.newCall(kind.apply(request(next)).build()).execute();
            Optional<HttpUrl> location = location(next, answer);
            if (isEnough.test(answer) || location.isEmpty()) {
                return checked(next, answer);
            }
            answer.close();
            next = location.get();
        }
        throw new TransferException(endpoint.host() + " redirects in circles");
    }

    private Request.Builder request(HttpUrl address) {
        Request.Builder request = new Request.Builder()
                .url(address)
                .header("User-Agent", "embedlake")
                // What is compressed on the way has another length and another ETag.
                .header("Accept-Encoding", "identity");
        if (isEndpoint(address)) {
            token.read().map(this::printable).ifPresent(text -> request.header("Authorization", "Bearer " + text));
        }
        return request;
    }

    private String printable(String text) {
        if (!text.matches("[\\x21-\\x7e]+")) {
            throw errors.badTokenText();
        }
        return text;
    }

    private static Optional<HttpUrl> location(HttpUrl from, Response answer) {
        return answer.isRedirect()
                ? Optional.ofNullable(answer.header("Location")).map(from::resolve)
                : Optional.empty();
    }

    private Response checked(HttpUrl address, Response answer) throws IOException {
        int status = answer.code();
        boolean isBusy = status >= 500 || status == 429 || status == 408;
        boolean isExpired = !isEndpoint(address) && status >= 400 && status != 416;
        if (isBusy || isExpired) {
            answer.close();
            throw new TransferException(address.host() + " answered with status " + status, retryAfter(answer));
        }
        return answer;
    }

    private Optional<Duration> retryAfter(Response answer) {
        String text = answer.header("Retry-After", "");
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Duration until =
                    Duration.between(clock.instant(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
