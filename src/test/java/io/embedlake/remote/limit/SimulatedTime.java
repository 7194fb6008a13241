package io.embedlake.remote.limit;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * Time that passes only when there is nothing to do at the present moment, and clocks and threads of several machines in it. Confined
 * to one thread.
 */
final class SimulatedTime {
    private record Event(long nanos, long number, Runnable what) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>((one, other) -> one.nanos() == other.nanos()
            ? Long.compare(one.number(), other.number())
            : Long.compare(one.nanos(), other.nanos()));
    private final Random random;
    private long now;
    private long number;

    SimulatedTime(Random random) {
        this.random = random;
    }

    long nanos() {
        return now;
    }

    void in(long nanos, Runnable what) {
        events.add(new Event(now + nanos, number++, what));
    }

    /** Lets this much time pass. */
    void run(long nanos) {
        long end = now + nanos;
        while (!events.isEmpty() && events.peek().nanos() <= end) {
            Event event = events.remove();
            now = event.nanos();
            event.what().run();
        }
        now = end;
    }

    /**
     * A machine whose clock stands elsewhere and drifts, and whose thread wakes up a little late, sometimes very late, and is not
     * there for others then.
     *
     * @param pauses how many of its entries in a thousand are preceded by a pause of up to 300 ms
     */
    EventLoop machine(int pauses) {
        long start = random.nextLong() >> 2;
        double drift = (random.nextDouble() - 0.5) * 1e-4;
        return new EventLoop() {
            private long busyUntil;

            @Override
            public long nanos() {
                return start + now + (long) (now * drift);
            }

            @Override
            public void at(long nanos, Runnable what) {
                long delay = Math.max(0, nanos - nanos());
                in((long) (delay / (1 + drift)) + 1, () -> {
                    long late = random.nextInt(1000) < pauses ? random.nextInt(300_000_000) : random.nextInt(300_000);
                    wakeUp(Math.max(now + late, busyUntil), nanos, what);
                });
            }

            private void wakeUp(long moment, long nanos, Runnable what) {
                busyUntil = moment;
                in(moment - now, () -> {
                    if (now < busyUntil) {
                        wakeUp(busyUntil, nanos, what);
                    } else {
                        what.run();
                    }
                });
            }
        };
    }
}
