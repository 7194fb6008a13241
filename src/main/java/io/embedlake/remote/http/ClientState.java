package io.embedlake.remote.http;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.WireFormat;
import io.embedlake.remote.limit.EventLoop;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.RateHeaders;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.EmbedlakeException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** The state that all calls of a client share. Thread-safe, except for members marked as confined to the event loop. */
final class ClientState {
    final ClientSettings settings;
    final WireFormat format;
    final Signer signer;
    final RateLimiterClient limit;
    final EventLoop eventLoop;
    final RandomGenerator random;
    final ExecutorService threads;
    final Sender sender;
    final Gate gate;
    final Secrets secrets;
    final RefusedSizes sizes = new RefusedSizes();
    final Counters counters = new Counters();
    final CallFeedback feedback;
    final ByteBudget bytes;
    final ClientErrors errors;
    final Probe probe = new Probe(this);
    final Evidence evidence = new Evidence();
    final Redirects redirects = new Redirects();
    private final String base;
    private final AtomicReference<EmbedlakeException> stopped = new AtomicReference<>();
    private volatile Limits learnt = Limits.NONE;
    private volatile OptionalInt dimension;

    ClientState(
            ClientSettings settings,
            WireFormat format,
            Signer signer,
            RateLimiterClient limit,
            RandomGenerator random,
            CallFeedback feedback,
            ExecutorService threads) {
        this.settings = settings;
        this.format = format;
        this.signer = signer;
        this.limit = limit;
        this.eventLoop = limit.eventLoop();
        this.random = random;
        this.feedback = feedback;
        this.threads = threads;
        this.sender = new Sender(settings, threads);
        this.gate = new Gate(settings.inFlight());
        this.secrets = new Secrets(signer, threads, this::soon);
        this.bytes = new ByteBudget(settings.bytesInFlight(), settings.dimension());
        this.errors =
                new ClientErrors(settings.label(), signer, settings.proxies().source(settings.endpoint()));
        this.dimension = settings.dimension();
        this.base = settings.endpoint().toString().replaceAll("/+$", "");
    }

    void soon(Runnable what) {
        eventLoop.at(eventLoop.nanos(), what);
    }

    /** Where a call goes: where the server has moved it, else where the format says. */
    URI address(String path) {
        return redirects.follow(URI.create(base + path));
    }

    /** The length of every vector, where it is known. */
    OptionalInt dimension() {
        return dimension;
    }

    /** The length of every vector is known by now. */
    void expect(int length) {
        dimension = OptionalInt.of(length);
    }

    /** A request that failed as a whole was too big, if no other of its size ever passed. On the event loop. */
    void learnSize(HalvedRequest whole) {
        boolean isCertain = whole.fault().cause() == Cause.BAD_TEXT;
        if (sizes.isSuspect(whole.texts(), whole.characters(), isCertain)) {
            Budgets.Part part = sizes.hasPassed(whole.texts()) ? Budgets.Part.CALL_TOKENS : Budgets.Part.TEXTS;
            Fault fault = whole.fault().asTooBig(part);
            sizes.refused(whole.texts(), whole.characters());
            feedback.tooBig(fault, whole.texts(), whole.tokens(), whole.characters());
        }
    }

    /** Nothing more can be embedded: no further call begins. */
    void stop(EmbedlakeException why) {
        stopped.compareAndSet(null, why);
    }

    /** Why nothing more can be embedded, if that is so. */
    Optional<EmbedlakeException> stopped() {
        return Optional.ofNullable(stopped.get());
    }

    /** Any answer may name the provider's limits. */
    void learn(Reply reply) {
        Limits named = RateHeaders.limits(reply.headers());
        if (!named.equals(Limits.NONE) && !named.equals(learnt)) {
            learnt = named;
            limit.learnt(named);
        }
    }
}
