package io.embedlake.provider.client;

import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out by a text that nobody could object to whether it is the texts or the provider that fails: one probe for all who ask at the
 * same time. Not thread-safe: confined to the client's agenda.
 */
final class Probe {
    private static final PreparedText TEXT = new PreparedText("A short sentence in plain English.", 8, false);

    private final Core core;
    private final List<Consumer<Optional<Throwable>>> waiting = new ArrayList<>();

    Probe(Core core) {
        this.core = core;
    }

    /** Says why nothing works, or that the provider does. */
    void ask(Consumer<Optional<Throwable>> then) {
        waiting.add(then);
        if (waiting.size() == 1) {
            BatchRun probe = BatchRun.probe(core, TEXT);
            probe.result().whenComplete((outcomes, failure) -> {
                Optional<Throwable> problem = failure == null ? problem(outcomes.get(0)) : Optional.of(failure);
                List<Consumer<Optional<Throwable>>> told = List.copyOf(waiting);
                waiting.clear();
                told.forEach(one -> one.accept(problem));
            });
            probe.start();
        }
    }

    private Optional<Throwable> problem(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return Optional.of(
                    refused.kind() == ErrorKind.INVALID_INPUT
                            ? core.errors.refusesAnything(refused.reason())
                            : core.errors.isDown(refused.reason()));
        }
        return Optional.empty();
    }
}
