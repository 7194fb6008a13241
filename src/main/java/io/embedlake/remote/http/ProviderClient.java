package io.embedlake.remote.http;

import io.embedlake.remote.format.WireFormat;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.Input;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Embeds inputs with a provider's model: one client per JVM and model, shared by its tasks. Thread-safe; closed by its owner, after all
 * outcomes were closed.
 */
public final class ProviderClient implements AutoCloseable {
    private final ClientState state;

    /**
     * A client that has sent nothing.
     *
     * @param limit the rate limiter's client; decisions run on its event loop
     * @param random spreads waits
     * @param feedback receives what providers answer to calls
     */
    public ProviderClient(
            ClientSettings settings,
            WireFormat format,
            Signer signer,
            RateLimiterClient limit,
            RandomGenerator random,
            CallFeedback feedback) {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "embedlake-provider");
            thread.setDaemon(true);
            return thread;
        });
        this.state = new ClientState(settings, format, signer, limit, random, feedback, threads);
    }

    /** The outcomes of these inputs, in order, one for one; many calls are in flight at a time. */
    public Outcomes run(Iterator<Input> inputs, Packer packer) {
        return new Outcomes(state, packer.pack(inputs));
    }

    /** Vectors of another length than this are another model's from now on. */
    public void expect(int dimension) {
        state.expect(dimension);
    }

    /** What it did so far. */
    public ClientCounts counts() {
        return state.counters.counts();
    }

    @Override
    public void close() {
        state.sender.close();
        state.threads.shutdownNow();
    }
}
