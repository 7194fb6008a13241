package io.embedlake.remote.http;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets so many in at once; others wait outside. Not thread-safe: confined to the client's event loop. */
final class Gate {
    private final Deque<Runnable> outside = new ArrayDeque<>();
    private int free;

    Gate(int places) {
        this.free = places;
    }

    /** Goes in as soon as there is a place, after those who wait already. */
    void enter(Runnable inside) {
        outside.addLast(inside);
        let();
    }

    /** Goes in before those who wait: somebody was in before. */
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
