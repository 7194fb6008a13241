package io.embedlake.remote.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A rate limiter and clients that always have calls to send, in simulated time. Confined to one thread. */
final class SimulatedCluster {
    private static final int QUEUED = 64;

    /** A call that was sent. */
    record Sent(long nanos, int holder, Cost cost, Permit permit) {}

    /** What calls cost. */
    interface Costs {
        Cost next(Random random);
    }

    /** How long ways take. */
    interface Network {
        /** Mostly below 3 ms, sometimes much longer. */
        Network QUICK = (random, holder, isBack) ->
                random.nextInt(50) == 0 ? random.nextInt(40_000_000) : 200_000 + random.nextInt(2_500_000);

        long nanos(Random random, int holder, boolean isBack);
    }

    final SimulatedTime time;
    final RateLimiter limiter;
    final List<RateLimiterClient> holders = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    private final Random random;
    private final Costs costs;
    private final Network network;
    private final boolean[] isCutOff;
    private long asks;

    SimulatedCluster(Random random, int holders, Limits limits, Costs costs, int pauses) {
        this(random, holders, limits, costs, pauses, Network.QUICK);
    }

    SimulatedCluster(Random random, int holders, Limits limits, Costs costs, int pauses, Network network) {
        this(random, holders, limits, costs, pauses, network, QUEUED);
    }

    /** Of which each client always has {@code queued} calls to send. */
    SimulatedCluster(Random random, int holders, Limits limits, Costs costs, int pauses, Network network, int queued) {
        this.random = random;
        this.costs = costs;
        this.network = network;
        this.time = new SimulatedTime(random);
        this.limiter = new RateLimiter(limits, Pace.STRICT, time::nanos);
        this.isCutOff = new boolean[holders];
        for (int holder = 0; holder < holders; holder++) {
            int number = holder;
            EventLoop eventLoop = time.machine(pauses);
            this.holders.add(new RateLimiterClient("holder" + holder, ask -> exchange(number, ask), eventLoop));
            for (int i = 0; i < queued; i++) {
                submit(holder);
            }
        }
    }

    long asks() {
        return asks;
    }

    /** From now on no answer reaches this client. */
    void cutOff(int holder) {
        isCutOff[holder] = true;
    }

    private CompletableFuture<Lease> exchange(int holder, Ask ask) {
        asks++;
        CompletableFuture<Lease> answer = new CompletableFuture<>();
        time.in(network.nanos(random, holder, false), () -> {
            Lease lease = limiter.exchange(ask);
            time.in(network.nanos(random, holder, true), () -> {
                if (!isCutOff[holder]) {
                    answer.complete(lease);
                }
            });
        });
        return answer;
    }

    private void submit(int holder) {
        Cost cost = costs.next(random);
        holders.get(holder).submit(cost, new RateLimiterClient.Turn() {
            @Override
            public void go(Permit permit) {
                sent.add(new Sent(time.nanos(), holder, cost, permit));
                submit(holder);
            }

            @Override
            public void fail(io.embedlake.spi.EmbedlakeException why) {
                throw new AssertionError(why);
            }
        });
    }
}
