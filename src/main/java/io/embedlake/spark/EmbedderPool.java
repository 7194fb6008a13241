package io.embedlake.spark;

import io.embedlake.config.BatchTokens;
import io.embedlake.embed.Device;
import io.embedlake.embed.Embedder;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.pipeline.BatchTuner;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The loaded embedders of a JVM: one a spec, device and way to load it, shared by all tasks that lease it, with the size of batches that they find.
 * An embedder stays loaded when its last lease ends, for the next task, until {@link #closeIdle()} or the end of the JVM. Thread-safe.
 */
final class EmbedderPool {
    private static final EmbedderPool SHARED = new EmbedderPool();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SHARED::closeIdle, "embedlake-close"));
    }

    private record Key(EmbedderSpec spec, Device device, EmbedderLoader loader) {
        boolean isSameModel(Key other) {
            return spec.equals(other.spec) && device.equals(other.device);
        }
    }

    private static final class Entry {
        private final Embedder embedder;
        private final BatchTuner tuner;
        private int leases;

        Entry(Embedder embedder, BatchTuner tuner) {
            this.embedder = embedder;
            this.tuner = tuner;
        }
    }

    private final Map<Key, Entry> loaded = new HashMap<>();

    /** The pool of this JVM. */
    static EmbedderPool shared() {
        return SHARED;
    }

    /** The right to use an embedder until it is closed. Closed once, by whoever leased it. */
    final class Lease implements AutoCloseable {
        private final Entry entry;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        Embedder embedder() {
            return entry.embedder;
        }

        /** The size of batches: what was asked for, or what all who have leased this embedder find out together. */
        BatchSize batchSize(BatchTokens asked) {
            return asked.isAuto() ? entry.tuner : BatchSize.of(asked.tokens());
        }

        @Override
        public void close() {
            synchronized (EmbedderPool.this) {
                entry.leases--;
            }
        }
    }

    /** Leases an embedder and loads it first when nobody has; others that want one wait meanwhile. */
    synchronized Lease lease(EmbedderSpec spec, Device device) {
        return lease(spec, device, new EmbedderLoader.Plain(), embedder -> {});
    }

    /**
     * Leases an embedder that has to pass a check before anybody gets it.
     *
     * @param loader loads it, when nobody has
     * @param check called once, when the embedder is loaded; throws when nobody should get it
     */
    synchronized Lease lease(EmbedderSpec spec, Device device, EmbedderLoader loader, Consumer<Embedder> check) {
        Key key = new Key(spec, device, loader);
        Entry entry = loaded.get(key);
        if (entry == null) {
            // A provider's, of an earlier run: what stopped it there says nothing about this one.
            closeIdle(key::isSameModel);
            Embedder embedder = loader.load(spec, device);
            try {
                check.accept(embedder);
            } catch (RuntimeException e) {
                embedder.close();
                throw e;
            }
            entry = new Entry(embedder, BatchTuner.of(spec.label(), device, System::nanoTime));
            loaded.put(key, entry);
        }
        entry.leases++;
        return new Lease(entry);
    }

    /** Closes what nobody has leased. */
    synchronized void closeIdle() {
        closeIdle(key -> true);
    }

    private void closeIdle(Predicate<Key> which) {
        loaded.entrySet().removeIf(entry -> {
            boolean isIdle = entry.getValue().leases == 0 && which.test(entry.getKey());
            if (isIdle) {
                entry.getValue().embedder.close();
            }
            return isIdle;
        });
    }
}
