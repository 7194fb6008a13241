package io.embedlake.fake.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.embedlake.fake.http.Refusal;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Encoding.Form;
import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What stands behind every wire format: keys, limits, vectors and the faults that are not of the wire. Thread-safe. */
public final class Service {
    private final Settings settings;
    private final Function<String, float[]> vectors;
    private final Ledger ledger;
    private final Clock clock;
    private final Pause pause;
    private final Throttle throttle;
    private final KeyRing keys;
    private final Semaphore places;
    private final AtomicInteger coldStarts;
    private final AtomicLong names = new AtomicLong();
    private final VectorWriter writer = new VectorWriter();

    /**
     * A service that has seen nothing yet.
     *
     * @param vectors the vector of a text, the same length for all; called by several threads
     * @param places how many calls or texts it works on at once
     */
    public Service(
            Settings settings, Function<String, float[]> vectors, Ledger ledger, Clock clock, Pause pause, int places) {
        this.settings = settings;
        this.vectors = vectors;
        this.ledger = ledger;
        this.clock = clock;
        this.pause = pause;
        throttle = new Throttle(settings.limits(), ledger.nanoTime());
        keys = new KeyRing(settings);
        this.places = new Semaphore(settings.concurrency().orElse(places));
        coldStarts = new AtomicInteger(settings.coldStarts());
    }

    /** What the fake was asked to be. */
    public Settings settings() {
        return settings;
    }

    /** Tells the time of dates. */
    public Clock clock() {
        return clock;
    }

    /** What knows the tokens of a text and their vectors, where the source of vectors does. */
    public Optional<TokenSource> tokenSource() {
        return vectors instanceof TokenSource source ? Optional.of(source) : Optional.empty();
    }

    /** How tokens are counted. */
    public ToIntFunction<String> tokens() {
        return settings.tokens();
    }

    /** A limit of a call: the setting, else the provider's own. */
    public long cap(Cap cap, long own) {
        return settings.cap(cap).orElse(own);
    }

    /** Whether a name that the customer chose exists. */
    public boolean exists(String model) {
        return settings.models().isEmpty() || settings.models().contains(model);
    }

    /** How long vectors are: the setting, else the model's own. */
    public int dimension(int own) {
        return settings.dimension().orElse(own);
    }

    /** How long vectors are of a model that has no length of its own: as the source makes them. */
    public int dimension() {
        return settings.dimension().orElseGet(() -> vectors.apply("length").length);
    }

    /** A name that was not given before, such as that of a request. */
    public String fresh(String prefix) {
        return prefix + String.format("%016x", names.incrementAndGet() * 0x9E3779B97F4A7C15L);
    }

    /** What is left of the limits in time. */
    public List<Allowance> allowances() {
        return throttle.allowances();
    }

    /** Lets a request in, or throws the refusal that its key, its fault or a cold start deserve. */
    public void admit(Request request, Optional<String> key, Errors errors) {
        keys.check(key, errors);
        admit(request, errors);
    }

    /** Lets a request in where no key is asked for. */
    public void admit(Request request, Errors errors) {
        if (coldStarts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new Refusal(errors.loading());
        }
        if (request.fault().filter(fault -> fault.stage() == Fault.Stage.STATUS).isPresent()) {
            throw new Refusal(struck(request.fault().get(), errors));
        }
    }

    /** The answer of a fault that comes before any work. */
    private Response struck(Fault fault, Errors errors) {
        return switch (fault) {
            case SERVER_ERROR -> errors.failure(500);
            case UNAVAILABLE -> errors.failure(503);
            case OVERLOADED -> errors.failure(529);
            case LOADING -> errors.loading();
            case EXPIRED -> errors.expired();
            case HTML_502 -> Response.page(502, "Bad Gateway");
            case HTML_413 -> Response.page(413, "Request Entity Too Large");
            case QUOTA -> errors.quota();
            case ERROR_IN_SUCCESS -> errors.failure(500).withStatus(200);
            case RETRY_AFTER_SECONDS -> tooFast(errors, 1).with("Retry-After", 1);
            case RETRY_AFTER_DATE ->
                tooFast(errors, 1)
                        .with(
                                "Retry-After",
                                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                        clock.instant().plusSeconds(1).atOffset(ZoneOffset.UTC)));
            case RETRY_AFTER_ZERO -> tooFast(errors, 0).with("Retry-After", 0);
            case RETRY_AFTER_DAY -> tooFast(errors, 86_400).with("Retry-After", 86_400);
            case RETRY_AFTER_MS -> tooFast(errors, 0).with("retry-after-ms", 50);
            case RETRY_AFTER_MIXED -> tooFast(errors, 1).with("Retry-After", 1).with("Retry-After-Ms", 0);
            default -> tooFast(errors, 1);
        };
    }

    private static Response tooFast(Errors errors, long seconds) {
        RateLimit limit = RateLimit.perMinute(Unit.REQUESTS, 60);
        return errors.throttled(new Throttled(limit, 60, 1, Duration.ofSeconds(seconds)));
    }

    /**
     * The vectors of a call, which are billed; the faults of contents are in them.
     *
     * @throws Refusal when a limit in time or of places is reached
     */
    public List<Item> embed(Request request, Work work, Errors errors) {
        ledger.asked(work.demand());
        if (!places.tryAcquire(work.demand().places())) {
            throw new Refusal(errors.busy());
        }
        try {
            throttle.admit(work.demand()).ifPresent(why -> {
                throw new Refusal(errors.throttled(why));
            });
            rest(settings.latency());
            List<Item> items = items(work, request.fault());
            ledger.billed(work.inputs());
            return items;
        } finally {
            places.release(work.demand().places());
        }
    }

    /** The same vectors in another encoding, for a call that asks for several: billed once, without faults. */
    public List<Item> again(Work work) {
        return items(work, Optional.empty());
    }

    /** Lets time pass. */
    public void rest(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            pause.of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Response.empty(503));
        }
    }

    private List<Item> items(Work work, Optional<Fault> fault) {
        Encoding encoding = fault.filter(Fault.OTHER_FORM::equals).isPresent()
                ? work.encoding().other()
                : work.encoding();
        List<String> texts = work.inputs().texts();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            items.add(new Item(OptionalInt.of(i), writer.write(vectors.apply(texts.get(i)), work.shape(), encoding)));
        }
        if (fault.isPresent() && !items.isEmpty()) {
            damage(items, work, fault.get());
        }
        return items;
    }

    private void damage(List<Item> items, Work work, Fault fault) {
        boolean indexed = work.order() == Work.Order.INDEXED;
        Item first = items.get(0);
        int last = items.size() - 1;
        switch (fault) {
            case SHUFFLED -> {
                if (indexed) {
                    Collections.shuffle(items, new Random(items.size()));
                }
            }
            case INDEX_MISSING -> items.set(0, new Item(OptionalInt.empty(), first.values()));
            case INDEX_TWICE ->
                items.set(last, new Item(OptionalInt.of(0), items.get(last).values()));
            case VECTOR_MISSING -> items.remove(last);
            case VECTOR_EXTRA -> items.add(new Item(OptionalInt.of(items.size()), first.values()));
            case NO_VECTORS -> items.clear();
            case FUSED -> items.subList(1, items.size()).clear();
            case VECTOR_SHORT -> values(items, vector(work, shorter(work.shape())), work.encoding());
            case DOUBLES -> items.set(0, new Item(first.index(), VectorWriter.doubles(vector(work, work.shape()))));
            case NULL_ELEMENT -> items.set(0, new Item(first.index(), broken(first.values(), work, "null")));
            case NAN_ELEMENT -> items.set(0, new Item(first.index(), broken(first.values(), work, "NaN")));
            default -> {
                // The others are not of contents.
            }
        }
    }

    private static Shape shorter(Shape shape) {
        return new Shape(Math.max(1, shape.dimension() - 1), shape.norm());
    }

    private static void values(List<Item> items, float[] vector, Encoding encoding) {
        items.set(0, new Item(items.get(0).index(), VectorWriter.values(vector, encoding)));
    }

    private float[] vector(Work work, Shape shape) {
        return VectorWriter.fit(vectors.apply(work.inputs().texts().get(0)), shape);
    }

    private JsonNode broken(JsonNode values, Work work, String first) {
        if (work.encoding().form() == Form.NUMBERS) {
            return VectorWriter.withFirst(values, first);
        }
        if (first.equals("null")) {
            return JsonNodeFactory.instance.nullNode();
        }
        float[] vector = vector(work, work.shape());
        vector[0] = Float.NaN;
        return VectorWriter.values(vector, work.encoding());
    }
}
