package io.embedlake.remote.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Renews a refused secret: once for all the calls that were signed with it. Not thread-safe: confined to the client's event loop. */
final class Secrets {
    private final Signer signer;
    private final Executor threads;
    private final Consumer<Runnable> eventLoop;
    private final List<Consumer<Boolean>> waiting = new ArrayList<>();
    private int generation;

    Secrets(Signer signer, Executor threads, Consumer<Runnable> eventLoop) {
        this.signer = signer;
        this.threads = threads;
        this.eventLoop = eventLoop;
    }

    /** Identifies the secret that calls are signed with. */
    int generation() {
        return generation;
    }

    /**
     * Reports, when known, whether there is a newer secret than that of a generation.
     *
     * @param signature what was made with that secret
     */
    void refused(int ofGeneration, Map<String, String> signature, Consumer<Boolean> then) {
        if (ofGeneration < generation) {
            then.accept(true);
            return;
        }
        waiting.add(then);
        if (waiting.size() == 1) {
            threads.execute(() -> {
                boolean isNew = refresh(signature);
                eventLoop.accept(() -> refreshed(isNew));
            });
        }
    }

    /** Without a new secret the provider's refusal is reported, which says more. */
    private boolean refresh(Map<String, String> signature) {
        try {
            return signer.refresh(signature);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void refreshed(boolean isNew) {
        generation += isNew ? 1 : 0;
        List<Consumer<Boolean>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(one -> one.accept(isNew));
    }
}
