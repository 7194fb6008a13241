package io.embedlake.remote.http;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The outcomes of an input, in its order. As many calls are in flight as the client allows and memory has room for; the input is read no
 * further. Confined to one thread; closed by its owner, which ends all of its calls.
 */
public final class Outcomes implements OutcomeStream {
    /** How many times the calls in flight may wait for a slow one. */
    private static final int PATIENCE = 2;

    /** What is under way, or decided and not taken yet. */
    private record Open(
            Optional<RequestGroup> run, Optional<ByteBudget.Hold> room, CompletableFuture<List<Outcome>> result) {
        void forget() {
            room.ifPresent(hold -> hold.shrinkTo(0));
        }
    }

    private final ClientState state;
    private final Iterator<Packed> input;
    private final Deque<Open> open = new ArrayDeque<>();
    private Optional<Packed> ahead = Optional.empty();
    private Iterator<Outcome> taken = Collections.emptyIterator();
    private Optional<Open> takenFrom = Optional.empty();
    private volatile boolean isFailing;
    private boolean isFinishing;
    private boolean hasEnded;
    private boolean isCut;

    Outcomes(ClientState state, Iterator<Packed> input) {
        this.state = state;
        this.input = input;
    }

    @Override
    public boolean hasNext() {
        while (!taken.hasNext()) {
            takenFrom.ifPresent(Open::forget);
            fill();
            if (open.isEmpty()) {
                hasEnded = true;
                return false;
            }
            Open first = open.peekFirst();
            taken = await(first).iterator();
            open.removeFirst();
            takenFrom = Optional.of(first);
            fill();
        }
        return true;
    }

    @Override
    public Outcome next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Outcome next = taken.next();
        isCut |= next instanceof Outcome.Refused refused && refused.kind() == ErrorKind.EXHAUSTED;
        return next;
    }

    /** An input that ends where the client stops was embedded all the same. */
    @Override
    public Optional<EmbedlakeException> stopped() {
        boolean isEarly = isCut || hasEnded && (ahead.isPresent() || input.hasNext());
        return isEarly ? state.stopped() : Optional.empty();
    }

    @Override
    public void finish(Duration most) {
        isFinishing = true;
        List<RequestGroup> groups = groups();
        state.soon(() -> RequestGroup.finish(groups));
        try {
            CompletableFuture.allOf(groups.stream().map(RequestGroup::result).toArray(CompletableFuture<?>[]::new))
                    .get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Each of them says what became of it.
        }
        state.soon(() -> RequestGroup.end(groups));
    }

    private List<RequestGroup> groups() {
        return open.stream().flatMap(one -> one.run().stream()).toList();
    }

    @Override
    public void close() {
        List<RequestGroup> groups = groups();
        state.soon(() -> RequestGroup.cancel(groups));
        open.forEach(Open::forget);
        open.clear();
        takenFrom.ifPresent(Open::forget);
    }

    private void fill() {
        while (!isFailing
                && !isFinishing
                && state.stopped().isEmpty()
                && open.size() < PATIENCE * state.settings.inFlight()
                && (ahead.isPresent() || input.hasNext())) {
            Packed next = ahead.orElseGet(input::next);
            ahead = Optional.empty();
            if (next instanceof Packed.Unsent unsent) {
                open.addLast(new Open(
                        Optional.empty(),
                        Optional.empty(),
                        CompletableFuture.completedFuture(List.of(unsent.outcome()))));
            } else if (!start((Packed.Batch) next)) {
                ahead = Optional.of(next);
                return;
            }
        }
    }

    private boolean start(Packed.Batch batch) {
        int characters =
                batch.texts().stream().mapToInt(text -> text.text().length()).sum();
        int texts = batch.texts().size();
        Optional<ByteBudget.Hold> room = state.bytes.take(texts, characters);
        if (room.isEmpty() && !open.isEmpty()) {
            return false;
        }
        ByteBudget.Hold hold = room.orElseGet(() -> state.bytes.takeAnyway(texts, characters));
        RequestGroup run = RequestGroup.of(state, batch.texts());
        open.addLast(new Open(Optional.of(run), Optional.of(hold), run.result()));
        run.result().whenComplete((outcomes, failure) -> {
            if (failure != null) {
                isFailing = true;
            }
            // What the answer took while it was read is free again; its vectors stay until they are taken.
            hold.shrinkTo(failure == null ? vectorBytes(outcomes) : 0);
        });
        state.soon(run::start);
        return true;
    }

    private List<Outcome> await(Open first) {
        try {
            return first.result().get();
        } catch (InterruptedException e) {
            throw state.errors.interrupted(e);
        } catch (ExecutionException e) {
            close();
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    private static long vectorBytes(List<Outcome> outcomes) {
        return outcomes.stream()
                .mapToLong(outcome -> outcome instanceof Outcome.Embedded embedded
                        ? (long) Float.BYTES * embedded.vector().length
                        : 0)
                .sum();
    }
}
