package io.embedlake.remote.limit;

/** Time that passes so many times faster than it does. Thread-safe; closed by whoever made it. */
public final class FastTime implements EventLoop, AutoCloseable {
    private final EventLoopThread real;
    private final int faster;

    /** Time from now on. */
    public FastTime(int faster) {
        this.real = new EventLoopThread("fast-time");
        this.faster = faster;
    }

    @Override
    public long nanos() {
        return Math.multiplyExact(real.nanos(), (long) faster);
    }

    @Override
    public void at(long nanos, Runnable what) {
        real.at(Math.floorDiv(nanos, faster) + 1, what);
    }

    @Override
    public void close() {
        real.close();
    }
}
