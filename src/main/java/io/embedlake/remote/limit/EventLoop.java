package io.embedlake.remote.limit;

/** A clock, and things to do at its moments: one after the other, never two at once. Thread-safe. */
public interface EventLoop {
    /** Nanoseconds since whenever. */
    long nanos();

    /** Does something when its moment comes, or as soon as possible where it has passed. */
    void at(long nanos, Runnable what);
}
