package io.embedlake.pipeline;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A thread with its own session, for a pipeline's background work. Both are created on first use. Confined to the
 * pipeline's thread, which closes it.
 */
final class SessionThread implements AutoCloseable {
    private final Embedder embedder;
    private final ExecutorService executor;
    private Optional<Thread> thread = Optional.empty();

    /** Touched by the thread alone. */
    private Optional<EmbeddingSession> session = Optional.empty();

    private volatile boolean closing;

    /**
     * Starts nothing yet.
     *
     * @param name the thread's
     */
    SessionThread(String name, Embedder embedder) {
        this.embedder = embedder;
        this.executor = Executors.newSingleThreadExecutor(work -> {
            Thread daemon = new Thread(work, name);
            daemon.setDaemon(true);
            thread = Optional.of(daemon);
            return daemon;
        });
    }

    /** Has work done on the thread, after what it was given before. */
    <T> Future<T> start(Function<EmbeddingSession, T> work) {
        return executor.submit(() -> {
            if (session.isEmpty()) {
                session = Optional.of(embedder.open());
            }
            return work.apply(session.get());
        });
    }

    /** Whether the results of the thread's work are no longer needed; may be called on the thread. */
    boolean isClosing() {
        return closing;
    }

    /**
     * The result of work; its failure is thrown as if the caller had done it.
     *
     * @throws EmbedlakeException {@link ErrorKind#TRANSIENT} also when the caller is interrupted while it waits
     */
    static <T> T result(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot finish: interrupted. Start it again.", e);
        }
    }

    /**
     * Ends the thread after the text or batch that it is at: an embedder must not be closed under a session that computes. A caller that is
     * interrupted waits for that all the same, and stays interrupted.
     */
    @Override
    public void close() {
        closing = true;
        if (thread.isEmpty()) {
            executor.shutdown();
            return;
        }
        Future<?> closed = executor.submit(() -> session.ifPresent(EmbeddingSession::close));
        executor.shutdown();
        join(thread.get());
        result(closed);
    }

    private static void join(Thread thread) {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
