package io.embedlake.provider.client;

import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.wire.WireFormat;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Embeds texts with a provider's model: one client a JVM for each model, shared by its tasks. Thread-safe; closed by whoever made it,
 * after all outcomes were closed.
 */
public final class ProviderClient implements AutoCloseable {
    private final Core core;

    /**
     * A client that has sent nothing.
     *
     * @param limit the holder of the endpoint's limit; its agenda is where the client decides
     * @param random spreads waits
     * @param lessons is told what providers say of calls
     */
    public ProviderClient(
            ClientSettings settings,
            WireFormat format,
            Signer signer,
            LeaseHolder limit,
            RandomGenerator random,
            Lessons lessons) {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "embedlake-provider");
            thread.setDaemon(true);
            return thread;
        });
        this.core = new Core(settings, format, signer, limit, random, lessons, threads);
    }

    /** The outcomes of these texts, in their order, one for one; many calls are under way while they are asked for. */
    public Outcomes run(Iterator<String> texts, Packer packer) {
        return new Outcomes(core, packer.pack(texts));
    }

    /** What it did so far. */
    public ClientCounts counts() {
        return core.counters.counts();
    }

    @Override
    public void close() {
        core.sender.close();
        core.threads.shutdownNow();
    }
}
