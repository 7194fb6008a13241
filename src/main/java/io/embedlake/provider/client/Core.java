package io.embedlake.provider.client;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.provider.limit.Agenda;
import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.limit.Limits;
import io.embedlake.provider.limit.RateHeaders;
import io.embedlake.provider.wire.Reply;
import io.embedlake.provider.wire.WireFormat;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** What all calls of a client share. Thread-safe, except for what says that it is confined to the agenda. */
final class Core {
    final ClientSettings settings;
    final WireFormat format;
    final Signer signer;
    final LeaseHolder limit;
    final Agenda agenda;
    final RandomGenerator random;
    final ExecutorService threads;
    final Sender sender;
    final Gate gate;
    final Secrets secrets;
    final RefusedSizes sizes = new RefusedSizes();
    final Counters counters = new Counters();
    final Lessons lessons;
    final ByteBudget bytes;
    final ClientErrors errors;
    final Probe probe = new Probe(this);
    private final String base;
    private final AtomicReference<EmbedlakeException> stopped = new AtomicReference<>();
    private volatile Limits learnt = Limits.NONE;
    private boolean hasSucceeded;
    private long succeededNanos;

    Core(
            ClientSettings settings,
            WireFormat format,
            Signer signer,
            LeaseHolder limit,
            RandomGenerator random,
            Lessons lessons,
            ExecutorService threads) {
        this.settings = settings;
        this.format = format;
        this.signer = signer;
        this.limit = limit;
        this.agenda = limit.agenda();
        this.random = random;
        this.lessons = lessons;
        this.threads = threads;
        this.sender = new Sender(settings, threads);
        this.gate = new Gate(settings.inFlight());
        this.secrets = new Secrets(signer, threads, this::soon);
        this.bytes = new ByteBudget(settings.bytesInFlight(), settings.dimension());
        this.errors = new ClientErrors(settings.label(), signer);
        this.base = settings.endpoint().toString().replaceAll("/+$", "");
    }

    void soon(Runnable what) {
        agenda.at(agenda.nanos(), what);
    }

    URI address(String path) {
        return URI.create(base + path);
    }

    /** Nothing more can be embedded: nobody begins another call. */
    void stop(EmbedlakeException why) {
        stopped.compareAndSet(null, why);
    }

    /** Why nothing more can be embedded, if that is so. */
    Optional<EmbedlakeException> stopped() {
        return Optional.ofNullable(stopped.get());
    }

    /** Whatever the provider says, it may name its limits. */
    void learn(Reply reply) {
        Limits named = RateHeaders.limits(reply.headers());
        if (!named.equals(Limits.NONE) && !named.equals(learnt)) {
            learnt = named;
            limit.learnt(named);
        }
    }

    /** A call has succeeded just now. On the agenda. */
    void succeeded() {
        hasSucceeded = true;
        succeededNanos = agenda.nanos();
    }

    /** Whether any call ever has. On the agenda. */
    boolean hasSucceeded() {
        return hasSucceeded;
    }

    /** Whether any call has since a moment. On the agenda. */
    boolean hasSucceededSince(long nanos) {
        return hasSucceeded && succeededNanos - nanos >= 0;
    }
}
