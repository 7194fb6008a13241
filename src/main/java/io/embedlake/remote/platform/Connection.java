package io.embedlake.remote.platform;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.http.ClientSettings;
import io.embedlake.remote.http.PreparedText;
import io.embedlake.remote.http.ProviderClient;
import io.embedlake.remote.http.RetryRules;
import io.embedlake.remote.limit.EventLoopThread;
import io.embedlake.remote.limit.LeaseChannel;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.RateLimiter;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.remote.pack.LearntBudgets;
import io.embedlake.remote.platform.stream.PackingClient;
import io.embedlake.remote.platform.stream.ProviderEmbedder;
import io.embedlake.remote.platform.stream.TokenEmbedder;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * What a spec says of a provider, put together for calls. Immutable; holds no connection until it is opened.
 *
 * @param platform whose
 * @param spec of the model
 * @param options the same for reading
 * @param format how calls look
 */
record Connection(ProviderPlatform platform, EmbedderSpec spec, ApiOptions options, ModelFormat format) {
    static final String IN_FLIGHT = "limits.in-flight";
    static final String MAX_WAIT = "limits.max-wait-s";
    static final String TIMEOUT = "limits.timeout-s";
    static final String REQUESTS = "limits.requests-per-minute";
    static final String TOKENS = "limits.tokens-per-minute";
    static final String INPUTS = "limits.inputs-per-minute";

    private static final int CALLS_OF_A_BUDGET = 50;

    static Connection of(ProviderPlatform platform, EmbedderSpec spec) {
        ApiOptions options = platform.asked(ApiOptions.of(spec));
        return new Connection(platform, spec, options, platform.calls(options));
    }

    /** With its own limit. */
    Embedder open() {
        EventLoopThread eventLoop = new EventLoopThread("embedlake-provider-pace");
        RateLimiter limiter = new RateLimiter(platform.limits(spec), Pace.STRICT, System::nanoTime);
        RateLimiterClient own = new RateLimiterClient("own", LeaseChannel.direct(limiter::exchange), eventLoop);
        return open(own, eventLoop::close);
    }

    /** With the permits of this rate limiter client. */
    Embedder open(RateLimiterClient limit) {
        return open(limit, () -> {});
    }

    private Embedder open(RateLimiterClient limit, Runnable atEnd) {
        SentForm form = platform.form(options);
        KeySigner signer = new KeySigner(platform.credentials(options));
        PackingClient vectors = link(format, form, signer, limit);
        Optional<PackingClient> places = platform.placeCalls(options).map(asking -> link(asking, form, signer, limit));
        try {
            OptionalInt known = spec.dimension();
            if (places.isPresent()) {
                return TokenEmbedder.open(
                        spec.label(), vectors, places.get(), options.isUnit(), known, form.harmless(), atEnd);
            }
            int dimension = known.orElseGet(
                    () -> vectors.first(spec.label(), form.harmless(), "Check model, endpoint and dimensions.")
                            .vector()
                            .length);
            vectors.client().expect(dimension);
            return new ProviderEmbedder(vectors, form.kind(), form::tokens, dimension, atEnd);
        } catch (RuntimeException e) {
            vectors.close();
            places.ifPresent(PackingClient::close);
            atEnd.run();
            throw e;
        }
    }

    /** A client for calls of one format. */
    private PackingClient link(ModelFormat asking, SentForm form, KeySigner signer, RateLimiterClient limit) {
        LearntBudgets budgets = new LearntBudgets(affordable(asking.budgets()));
        BudgetPacker packer = new BudgetPacker(
                asking.bodySize(), form, budgets, platform.api().longTexts());
        ProviderClient client = new ProviderClient(
                settings(asking, form),
                asking,
                signer,
                limit,
                new SplittableRandom(),
                new EndpointFeedback(budgets, form));
        return new PackingClient(client, packer);
    }

    /** What the paths of calls follow. */
    URI base(ModelFormat asking) {
        return platform.endpoint(options)
                .with(platform.basePath(options))
                .before(asking.call(List.of("any")).path())
                .base();
    }

    /** A run whose budget is used up stops before the call that would exceed it: calls are small beside a small budget. */
    private Budgets affordable(Budgets documented) {
        OptionalLong most = platform.tokensLeft(spec, 0, 0);
        return most.isPresent()
                ? documented.capped(Budgets.Part.CALL_TOKENS, most.getAsLong() / CALLS_OF_A_BUDGET)
                : documented;
    }

    private ClientSettings settings(ModelFormat asking, SentForm form) {
        ClientSettings usual = ClientSettings.of(spec.label(), base(asking));
        RetryRules rules = RetryRules.DEFAULT;
        OptionalInt known = spec.dimension();
        SentForm.Sent harmless = form.of(form.harmless());
        return new ClientSettings(
                usual.label(),
                usual.endpoint(),
                options.number(IN_FLIGHT).orElse(platform.api().inFlight()),
                usual.bytesInFlight(),
                usual.connectTimeout(),
                options.seconds(TIMEOUT).orElse(usual.timeout()),
                platform.tokenPlaces(options).isPresent()
                        ? OptionalInt.empty()
                        : known.isPresent() ? known : options.dimensions(),
                options.seconds(MAX_WAIT).map(rules::withLongestAsked).orElse(rules),
                platform.proxies(options),
                new PreparedText(harmless.text(), (int) harmless.tokens(), false));
    }
}
