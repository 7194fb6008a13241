package io.embedlake.remote.http;

import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what follows a fault. Not thread-safe: confined to the client's event loop.
 *
 * <p>A fault is the server's, the call's or a text's. Faults that the server explains are trusted; any other is repeated until chance does
 * not explain it. Then, if other requests succeed or else a harmless text does, the request is cut in two, and a text that fails alone is
 * refused. If the harmless text fails as well, the server is down: everything waits for it, and no text is refused.
 */
final class RetryDecision {
    /** Cutting a good call costs a second one. */
    private static final double CHANCE_OF_CUT = 1e-2;
    /** Refusing a good text costs its vector. */
    private static final double CHANCE_OF_REFUSAL = 1e-6;
    /** A server that works for others needs no long rest. */
    private static final int MOST_DOUBLINGS_BESIDE_SUCCESS = 3;
    /** How many answers of another length to the harmless text show that the model has changed. */
    private static final int OTHER_LENGTHS = 3;
    /** How many unusable answers, before the first usable one, show that the server is of another kind. */
    private static final int STRANGE_ANSWERS = 3;

    private static final Set<Cause> PASSING = EnumSet.of(Cause.RATE, Cause.LOADING, Cause.TRANSIENT);

    private final ClientState state;
    private final RequestGroup group;
    private final PendingRequest request;
    private boolean isRefreshed;
    private boolean hadExtra;
    private int failures;
    private int otherLengths;
    private int loadings;
    private int refusals;
    private Duration spent = Duration.ZERO;

    RetryDecision(ClientState state, RequestGroup group, PendingRequest request) {
        this.state = state;
        this.group = group;
        this.request = request;
    }

    /** How long a call took. */
    void tookNanos(long nanos) {
        spent = spent.plusNanos(nanos);
    }

    /** How many attempts failed, outages left out. */
    int failures() {
        return failures;
    }

    /**
     * Goes on after a fault.
     *
     * @param shouldRetry the server's hint: {@code true}, {@code false} or nothing
     */
    void decide(Fault fault, Optional<String> shouldRetry) {
        boolean isForbidden = shouldRetry.equals(Optional.of("false"));
        boolean isTold = shouldRetry.equals(Optional.of("true")) && !hadExtra;
        boolean asksTooMuch = state.settings.retries().rule().asksTooMuch(fault.delay());
        if (asksTooMuch && PASSING.contains(fault.cause())) {
            group.fail(state.errors.asksTooMuch(
                    fault, state.settings.retries().rule().longestAsked()));
            return;
        }
        switch (fault.cause()) {
            case CALL_TOO_BIG -> tooBig(fault);
            case RATE -> throttled(fault, isForbidden, isTold);
            case LOADING -> {
                if (state.evidence.worksSince(request.sentNanos())) {
                    unclear(fault, isForbidden, isTold);
                } else {
                    loading(fault, isForbidden);
                }
            }
            case AUTHORISATION -> refreshed(fault, isForbidden);
            case QUOTA, MOVED -> group.fail(state.errors.stopped(fault));
            case BAD_TEXT, TEXT_TOO_LONG -> {
                if (isTold && !asksTooMuch) {
                    hadExtra = true;
                    rest(fault, 1);
                } else if (fault.cause() == Cause.TEXT_TOO_LONG
                        || request.texts() > 1 && state.evidence.hasSucceeded()) {
                    isolate(fault);
                } else {
                    ifServerWorks(fault);
                }
            }
            case NOT_FOUND, BAD_OPTION, BARRED -> {
                if (state.evidence.hasSucceeded() && !group.isProbe()) {
                    unclear(fault, isForbidden, isTold);
                } else if (isTold && !asksTooMuch) {
                    hadExtra = true;
                    rest(fault, 1);
                } else {
                    group.fail(state.errors.stopped(fault));
                }
            }
            case TRANSIENT, WRONG_ANSWER, OTHER_LENGTH -> unclear(fault, isForbidden, isTold);
        }
    }

    private void throttled(Fault fault, boolean isForbidden, boolean isTold) {
        refusals++;
        boolean isInTime = spent.compareTo(state.settings.retries().patience()) < 0;
        if (isForbidden || !isInTime && !isTold) {
            group.fail(state.errors.stopped(fault));
            return;
        }
        hadExtra |= !isInTime;
        // A wait that the server names is the right one, however often it was named.
        Duration wait = waited(fault, fault.delay().isPresent() ? 1 : refusals);
        state.limit.refused(request.permit(), wait);
        request.again(Duration.ZERO);
    }

    private void loading(Fault fault, boolean isForbidden) {
        loadings++;
        if (isForbidden || spent.compareTo(state.settings.retries().loadingPatience()) >= 0) {
            ifServerWorks(fault);
        } else {
            rest(fault, loadings);
        }
    }

    /** The cause may be the server, chance or a text. */
    private void unclear(Fault fault, boolean isForbidden, boolean isTold) {
        failures++;
        otherLengths += fault.cause() == Cause.OTHER_LENGTH ? 1 : 0;
        if (group.isProbe()) {
            state.probe.failed();
        }
        boolean isEnough = isForbidden || isEnough(fault);
        if (isEnough && !isTold) {
            ifServerWorks(fault);
            return;
        }
        hadExtra |= isEnough;
        rest(
                fault,
                state.evidence.worksSince(request.sentNanos())
                        ? Math.min(failures, MOST_DOUBLINGS_BESIDE_SUCCESS)
                        : failures);
    }

    /** Whether there were enough failures to search for their cause. */
    private boolean isEnough(Fault fault) {
        RetryRules rules = state.settings.retries();
        if (spent.compareTo(rules.patience()) >= 0) {
            return true;
        }
        if (fault.cause().isBroken() && !state.evidence.hasSucceeded()) {
            return failures >= STRANGE_ANSWERS;
        }
        int attempts = rules.rule().attempts();
        if (group.isProbe()) {
            return fault.cause() == Cause.OTHER_LENGTH
                    ? otherLengths >= OTHER_LENGTHS
                    : !state.evidence.hasSucceeded() && failures >= attempts;
        }
        return failures
                >= (request.texts() > 1
                        ? Math.max(2, state.evidence.failuresBeyond(CHANCE_OF_CUT))
                        : Math.max(attempts, state.evidence.failuresBeyond(CHANCE_OF_REFUSAL)));
    }

    private void rest(Fault fault, int failure) {
        request.again(waited(fault, failure));
    }

    private Duration waited(Fault fault, int failure) {
        Duration wait = state.settings.retries().rule().wait(failure, fault.delay(), state.random);
        state.counters.waits.increment();
        spent = spent.plus(wait);
        return wait;
    }

    private void refreshed(Fault fault, boolean isForbidden) {
        if (isRefreshed || isForbidden) {
            group.fail(state.errors.stopped(fault));
            return;
        }
        isRefreshed = true;
        state.secrets.refused(request.generation(), request.signature(), isNew -> {
            if (isNew) {
                request.again(Duration.ZERO);
            } else {
                group.fail(state.errors.stopped(fault));
            }
        });
    }

    /** Blames the texts if others succeed; else waits until a harmless one does. */
    private void ifServerWorks(Fault fault) {
        if (group.isProbe()) {
            request.refuse(fault);
        } else if (state.evidence.worksSince(request.sentNanos())) {
            isolate(fault);
        } else {
            boolean isAlone = request.texts() == 1;
            if (isAlone) {
                group.suspect(fault);
            }
            state.probe.ask(found -> {
                if (isAlone) {
                    group.clear();
                }
                if (found.problem().isPresent()) {
                    group.fail(found.problem().get());
                } else if (group.isGoingOn()) {
                    if (found.wasDown()) {
                        forgive();
                    } else {
                        isolate(fault);
                    }
                }
            });
        }
    }

    /** The failures were the server's. */
    private void forgive() {
        failures = 0;
        spent = Duration.ZERO;
        request.again(Duration.ZERO);
    }

    private void tooBig(Fault fault) {
        if (request.texts() == 1) {
            request.refuse(fault);
            return;
        }
        state.feedback.tooBig(fault, request.texts(), request.tokens(), request.characters());
        if (fault.cap().isPresent()) {
            state.sizes.atMost(fault.cap().getAsInt());
        } else {
            state.sizes.refused(request.texts(), request.characters());
        }
        request.cut(Math.max(2, state.sizes.parts(request.texts(), request.characters())));
    }

    private void isolate(Fault fault) {
        if (request.texts() == 1) {
            request.refuse(fault);
        } else if (!group.isWorthBisecting()) {
            request.giveUp();
        } else if (fault.text().isPresent() && fault.text().getAsInt() < request.texts()) {
            request.remove(fault.text().getAsInt(), fault);
        } else {
            request.bisect(fault);
        }
    }
}
