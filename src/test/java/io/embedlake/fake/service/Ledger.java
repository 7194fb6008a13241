package io.embedlake.fake.service;

import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Unit;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Remembers what a fake was asked, what it answered and what it would have billed. Thread-safe. */
public final class Ledger {
    private static final List<Duration> WINDOWS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));

    private final LongSupplier nanoTime;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong inputs = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong tokensBilled = new AtomicLong();
    private final Map<String, Integer> billed = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();
    private final Map<Unit, List<SlidingSum>> windows = new EnumMap<>(Unit.class);
    private int concurrency;
    private int peakConcurrency;

    public Ledger(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Unit unit : Unit.values()) {
            List<SlidingSum> sums = new ArrayList<>();
            WINDOWS.forEach(window -> sums.add(new SlidingSum(window)));
            windows.put(unit, sums);
        }
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** A request is being worked on. */
    public synchronized void arrived() {
        requests.incrementAndGet();
        peakConcurrency = Math.max(peakConcurrency, ++concurrency);
    }

    /** A request is done with. */
    public synchronized void left() {
        concurrency--;
    }

    /** A request was answered with this status, or would have been. */
    public void answered(int status) {
        statuses.merge(status, 1, Integer::sum);
    }

    /** A fault happened. */
    public void faulted(Fault fault) {
        faults.merge(fault.word(), 1, Integer::sum);
    }

    /** A call came that is well formed, whether it is taken or not. */
    synchronized void asked(Demand demand) {
        long now = nanoTime.getAsLong();
        windows.forEach((unit, sums) -> sums.forEach(sum -> sum.add(now, demand.of(unit))));
        inputs.addAndGet(demand.inputs());
        tokens.addAndGet(demand.tokens());
    }

    /** Vectors of these texts were made: the customer pays, whatever becomes of them. */
    void billed(Inputs made) {
        made.texts().forEach(text -> billed.merge(hash(text), 1, Integer::sum));
        tokensBilled.addAndGet(made.sum());
    }

    /** How often each text was billed, by its SHA-256 in hexadecimal. */
    public Map<String, Integer> rowsBilled() {
        return Map.copyOf(billed);
    }

    /** How often this text was billed. */
    public int timesBilled(String text) {
        return billed.getOrDefault(hash(text), 0);
    }

    /** All figures as they are now. */
    public synchronized Stats stats() {
        Map<String, Map<String, Long>> most = new TreeMap<>();
        windows.forEach((unit, sums) -> {
            Map<String, Long> ofUnit = new TreeMap<>();
            for (int i = 0; i < sums.size(); i++) {
                ofUnit.put(WINDOWS.get(i).toSeconds() + "s", sums.get(i).most());
            }
            most.put(unit.name().toLowerCase(java.util.Locale.ROOT), ofUnit);
        });
        long billings = billed.values().stream().mapToLong(Integer::longValue).sum();
        long again = billed.values().stream().filter(times -> times > 1).count();
        return new Stats(
                requests.get(),
                inputs.get(),
                tokens.get(),
                peakConcurrency,
                new TreeMap<>(statuses),
                new TreeMap<>(faults),
                most,
                billed.size(),
                again,
                billings,
                tokensBilled.get());
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
