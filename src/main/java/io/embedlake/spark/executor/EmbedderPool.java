package io.embedlake.spark.executor;

import io.embedlake.config.BatchTokens;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.BatchTuner;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The loaded embedders of a JVM: one a spec, device and way to load it, shared by all tasks that lease it, with the size of batches that they find.
 * An embedder without leases stays loaded for the next task: for two minutes, or for some seconds when its device is needed for another.
 * Thread-safe; while an embedder loads, only the tasks that want this one wait.
 */
public final class EmbedderPool {
    /** Longer than between the waves of a run. */
    static final Duration LONGEST_IDLE = Duration.ofMinutes(2);
    /** Longer than between the tasks of a wave. */
    static final Duration LEAST_IDLE = Duration.ofSeconds(5);

    private static final EmbedderPool OF_JVM = new EmbedderPool(System::nanoTime);

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(OF_JVM::closeIdle, "embedlake-close"));
        } catch (IllegalStateException e) {
            // The JVM is stopping already, and nothing that it still loads outlives it.
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "embedlake-idle");
            thread.setDaemon(true);
            return thread;
        });
        long period = LONGEST_IDLE.toSeconds() / 4;
        timer.scheduleWithFixedDelay(OF_JVM::closeForgotten, period, period, TimeUnit.SECONDS);
    }

    private record Key(EmbedderSpec spec, Device device, EmbedderLoader loader) {
        boolean isSameModel(Key other) {
            return spec.equals(other.spec) && device.equals(other.device);
        }
    }

    private record Loaded(Embedder embedder, BatchTuner tuner) {}

    /** Guarded by the pool, except for what it holds. */
    private static final class Entry {
        private final CompletableFuture<Loaded> loaded = new CompletableFuture<>();
        private int leases;
        private long idleSinceNanos;
    }

    private final LongSupplier clock;
    private final Map<Key, Entry> entries = new HashMap<>();

    /** @param clock nanoseconds since any moment */
    EmbedderPool(LongSupplier clock) {
        this.clock = clock;
    }

    /** The pool of this JVM, because models take the memory of the JVM and of its devices, independent of runs. */
    public static EmbedderPool ofJvm() {
        return OF_JVM;
    }

    /** The right to use an embedder until it is closed. Closed once, by its owner. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private final Loaded loaded;

        private Lease(Entry entry, Loaded loaded) {
            this.entry = entry;
            this.loaded = loaded;
        }

        public Embedder embedder() {
            return loaded.embedder();
        }

        /** The batch size: the configured one, or the one tuned jointly by all leases of this embedder. */
        public BatchSize batchSize(BatchTokens asked) {
            return asked.isAuto() ? loaded.tuner() : BatchSize.of(asked.tokens());
        }

        @Override
        public void close() {
            release(entry);
        }
    }

    /** Leases an embedder, and loads it when it is not loaded. */
    public Lease lease(EmbedderSpec spec, Device device) {
        return lease(spec, device, new EmbedderLoader.Plain(), embedder -> {});
    }

    /**
     * Leases an embedder that must pass a check first.
     *
     * @param loader loads it when it is not loaded
     * @param check called once, when the embedder is loaded; throws to refuse it
     */
    public Lease lease(EmbedderSpec spec, Device device, EmbedderLoader loader, Consumer<Embedder> check) {
        Key key = new Key(spec, device, loader);
        Entry entry;
        boolean isNew;
        List<Entry> replaced;
        synchronized (this) {
            isNew = !entries.containsKey(key);
            // A provider's, of an earlier run: what stopped it there need not stop this one.
            replaced = isNew
                    ? removeIdle((other, idle) ->
                            key.isSameModel(other) || device.equals(other.device()) && idle.compareTo(LEAST_IDLE) >= 0)
                    : List.of();
            entry = entries.computeIfAbsent(key, absent -> new Entry());
            entry.leases++;
        }
        close(replaced);
        if (isNew) {
            load(key, entry, check);
        }
        try {
            return new Lease(entry, entry.loaded.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Removes an embedder that cannot be loaded, so that the next task tries again. */
    private void load(Key key, Entry entry, Consumer<Embedder> check) {
        try {
            Embedder embedder = key.loader().load(key.spec(), key.device());
            try {
                check.accept(embedder);
            } catch (RuntimeException | Error e) {
                embedder.close();
                throw e;
            }
            entry.loaded.complete(
                    new Loaded(embedder, BatchTuner.of(key.spec().label(), key.device(), System::nanoTime)));
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(key, entry);
            }
            entry.loaded.completeExceptionally(e);
        }
    }

    private synchronized void release(Entry entry) {
        entry.leases--;
        entry.idleSinceNanos = clock.getAsLong();
    }

    /** Closes the idle embedders. */
    public void closeIdle() {
        closeIdle(Duration.ZERO);
    }

    /** Closes embedders that were idle for long. */
    void closeForgotten() {
        closeIdle(LONGEST_IDLE);
    }

    private void closeIdle(Duration least) {
        List<Entry> idle;
        synchronized (this) {
            idle = removeIdle((key, time) -> time.compareTo(least) >= 0);
        }
        close(idle);
    }

    private List<Entry> removeIdle(BiPredicate<Key, Duration> which) {
        long now = clock.getAsLong();
        List<Entry> removed = new ArrayList<>();
        entries.entrySet().removeIf(each -> {
            Entry entry = each.getValue();
            boolean isIdle =
                    entry.leases == 0 && which.test(each.getKey(), Duration.ofNanos(now - entry.idleSinceNanos));
            if (isIdle) {
                removed.add(entry);
            }
            return isIdle;
        });
        return removed;
    }

    private static void close(List<Entry> removed) {
        removed.forEach(entry -> entry.loaded.join().embedder().close());
    }
}
