package io.embedlake.remote.limit;

/** Runs tasks at given times of its clock, one at a time. Thread-safe. */
public interface EventLoop {
    /** Nanoseconds since an arbitrary origin. */
    long nanos();

    /** Runs a task at this time, or as soon as possible if it has passed. */
    void at(long nanos, Runnable what);
}
