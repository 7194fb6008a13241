package io.embedlake.local.network;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Has libtorch compute on the thread that calls it, and on no other. Thread-safe.
 *
 * <p>libtorch and its MKL keep a number of threads for each thread that calls them. It is set by the thread that loads the library, for
 * itself alone; a matrix product that is the first call of another thread would take all cores, in an order of sums of its own.
 */
public final class CallersThread {
    private static final ThreadLocal<Boolean> SET = ThreadLocal.withInitial(() -> {
        JniUtils.setNumThreads(1);
        return true;
    });

    private CallersThread() {}

    /** To be called on a thread before it computes; libtorch has to be loaded. */
    public static void use() {
        SET.get();
    }
}
