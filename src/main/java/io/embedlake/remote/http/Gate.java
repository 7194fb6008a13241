package io.embedlake.remote.http;

import java.util.ArrayDeque;
import java.util.Deque;

/** Limits how many are inside at once; others wait. Not thread-safe: confined to the client's event loop. */
final class Gate {
    private final Deque<Runnable> outside = new ArrayDeque<>();
    private int free;

    Gate(int places) {
        this.free = places;
    }

    /** Enters as soon as there is room, after those already waiting. */
    void enter(Runnable inside) {
        outside.addLast(inside);
        let();
    }

    /** Enters before those that wait, for a request that was inside before. */
    void enterAgain(Runnable inside) {
        outside.addFirst(inside);
        let();
    }

    void leave() {
        free++;
        let();
    }

    private void let() {
        while (free > 0 && !outside.isEmpty()) {
            free--;
            outside.removeFirst().run();
        }
    }
}
