package io.embedlake.remote.http;

import io.embedlake.http.Proxies;
import io.embedlake.remote.limit.FastTime;
import io.embedlake.remote.limit.LeaseChannel;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.RateLimiter;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** A client of a {@link ToyServer}, whose waits pass fast. Closed by whoever made it. */
final class ToyClient implements AutoCloseable {
    static final RetryRules RULES = RetryRules.DEFAULT;
    /** Lateness passes fast too. */
    private static final Pace PACE =
            new Pace(Duration.ofSeconds(600), Duration.ofSeconds(200), Duration.ofSeconds(200));

    /** Even of its least part there is enough for fast time. */
    private static final long A_LOT = 1_000_000_000_000L;

    private final FastTime time;
    final ProviderClient client;

    ToyClient(ToyServer server, int inFlight, int faster, Signer signer, RetryRules rules, Duration timeout) {
        time = new FastTime(faster);
        RateLimiter limiter = new RateLimiter(Limits.NONE.withRequests(A_LOT), PACE, time::nanos);
        ClientSettings settings = new ClientSettings(
                "toy",
                server.endpoint(),
                inFlight,
                64 << 20,
                Duration.ofSeconds(5),
                timeout,
                OptionalInt.of(ToyServer.DIMENSION),
                rules,
                Proxies.none(),
                ClientSettings.HARMLESS);
        client = new ProviderClient(
                settings,
                new ToyFormat(),
                signer,
                new RateLimiterClient("toy", LeaseChannel.direct(limiter::exchange), time),
                new Random(1),
                CallFeedback.NONE);
    }

    /** A client that patiently waits for answers, with no secret. */
    static ToyClient of(ToyServer server) {
        return new ToyClient(server, 8, 100, Signer.none(), RULES, Duration.ofSeconds(30));
    }

    List<Outcome> embed(int textsACall, List<String> texts) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Outcomes all = client.run(texts.stream().map(Input::of).iterator(), new ToyPacker(textsACall))) {
            all.forEachRemaining(outcomes::add);
            all.stopped().ifPresent(why -> {
                throw why;
            });
        }
        return outcomes;
    }

    @Override
    public void close() {
        client.close();
        time.close();
    }
}
