package io.embedlake.remote.http;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out with a harmless input whether the inputs or the server fail: one probe for all concurrent requests. A server that worked before
 * is waited for. Not thread-safe: confined to the client's event loop.
 */
final class Probe {
    private final ClientState state;
    private final List<Consumer<Finding>> waiting = new ArrayList<>();
    private boolean isFailing;

    /**
     * What a probe found.
     *
     * @param problem why nothing works; empty when the server works
     * @param wasDown whether the harmless input failed at first
     */
    record Finding(Optional<Throwable> problem, boolean wasDown) {}

    Probe(ClientState state) {
        this.state = state;
    }

    /** Whether a probe is in flight that has failed so far. */
    boolean isFailing() {
        return isFailing;
    }

    /** The harmless input has failed just now. */
    void failed() {
        isFailing = true;
    }

    /** Delivers the result of the probe in flight, or of a new one. */
    void ask(Consumer<Finding> then) {
        waiting.add(then);
        if (waiting.size() == 1) {
            RequestGroup probe = RequestGroup.probe(state, state.settings.probe());
            probe.result().whenComplete((outcomes, failure) -> {
                Finding finding = new Finding(
                        failure == null ? problem(outcomes.get(0), probe.lastFault()) : Optional.of(failure),
                        isFailing);
                isFailing = false;
                List<Consumer<Finding>> asked = List.copyOf(waiting);
                waiting.clear();
                asked.forEach(one -> one.accept(finding));
            });
            probe.start();
        }
    }

    private Optional<Throwable> problem(Outcome outcome, Optional<Fault> fault) {
        return outcome instanceof Outcome.Refused ? Optional.of(problem(fault.orElseThrow())) : Optional.empty();
    }

    private EmbedlakeException problem(Fault fault) {
        if (fault.cause() == Cause.WRONG_ANSWER && !state.evidence.hasSucceeded()) {
            return state.errors.isAnotherServer(fault);
        }
        return fault.cause().kind() == ErrorKind.INVALID_INPUT
                ? state.errors.refusesAnything(fault, state.format.budgets().texts() > 1)
                : state.errors.stopped(fault);
    }
}
