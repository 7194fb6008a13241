package io.embedlake.provider.client;

import io.embedlake.provider.wire.Cause;
import io.embedlake.provider.wire.Reading.Fault;
import java.time.Duration;
import java.util.Optional;

/** Decides how it goes on after the faults of a part. Not thread-safe: confined to the client's agenda. */
final class Faults {
    private final Core core;
    private final BatchRun batch;
    private final PartRun part;
    private boolean isRefreshed;
    private boolean isWrong;
    private boolean hadExtra;
    private int failures;
    private int refusals;
    private Duration spent = Duration.ZERO;

    Faults(Core core, BatchRun batch, PartRun part) {
        this.core = core;
        this.batch = batch;
        this.part = part;
    }

    /** So long a call was under way. */
    void tookNanos(long nanos) {
        spent = spent.plusNanos(nanos);
    }

    /**
     * Goes on after a fault.
     *
     * @param shouldRetry what the server says of it: {@code true}, {@code false} or nothing
     */
    void decide(Fault fault, Optional<String> shouldRetry) {
        boolean mayRepeat = !shouldRetry.equals(Optional.of("false"));
        switch (fault.cause()) {
            case CALL_TOO_BIG -> tooBig(fault);
            case TRANSIENT, LOADING, RATE -> passing(fault, mayRepeat, shouldRetry.equals(Optional.of("true")));
            case WRONG_ANSWER -> {
                if (isWrong || !mayRepeat) {
                    isolate(fault);
                } else {
                    isWrong = true;
                    part.again(Duration.ZERO);
                }
            }
            case AUTHORISATION -> refreshed(fault, mayRepeat);
            case BAD_TEXT, TEXT_TOO_LONG, NOT_FOUND, BAD_OPTION, QUOTA, BARRED -> {
                boolean isTold = shouldRetry.equals(Optional.of("true"));
                if (isTold && !hadExtra && !core.settings.retries().asksTooMuch(fault)) {
                    hadExtra = true;
                    wait(fault);
                } else {
                    lasting(fault);
                }
            }
        }
    }

    private void lasting(Fault fault) {
        switch (fault.cause()) {
            case BAD_TEXT -> {
                if (core.hasSucceeded() || batch.isProbe()) {
                    isolate(fault);
                } else {
                    ifProviderWorks(() -> isolate(fault));
                }
            }
            case TEXT_TOO_LONG -> isolate(fault);
            default -> batch.fail(core.errors.stopped(fault));
        }
    }

    private void passing(Fault fault, boolean mayRepeat, boolean isTold) {
        failures += fault.cause() == Cause.RATE ? 0 : 1;
        refusals += fault.cause() == Cause.RATE ? 1 : 0;
        boolean isAllowed = core.settings.retries().allow(fault.cause(), failures, spent);
        if (core.settings.retries().asksTooMuch(fault)) {
            batch.fail(core.errors.asksTooMuch(fault, core.settings.retries().longestAsked()));
        } else if (mayRepeat && (isAllowed || (isTold && !hadExtra))) {
            hadExtra |= !isAllowed;
            wait(fault);
        } else if (fault.cause() == Cause.RATE) {
            batch.fail(core.errors.stopped(fault));
        } else if (batch.isProbe() || core.hasSucceededSince(part.startedNanos())) {
            part.refuse(fault);
        } else {
            ifProviderWorks(() -> part.refuse(fault));
        }
    }

    private void wait(Fault fault) {
        int before = Math.max(1, fault.cause() == Cause.RATE ? refusals : failures);
        Duration wait = core.settings.retries().before(fault.delay(), before, core.random);
        core.counters.waits(wait);
        spent = spent.plus(wait);
        if (fault.cause() == Cause.RATE) {
            core.limit.refused(part.permit(), wait);
            part.again(Duration.ZERO);
        } else {
            part.again(wait);
        }
    }

    private void refreshed(Fault fault, boolean mayRepeat) {
        if (isRefreshed || !mayRepeat) {
            batch.fail(core.errors.stopped(fault));
            return;
        }
        isRefreshed = true;
        core.secrets.refused(part.generation(), part.signature(), isNew -> {
            if (isNew) {
                part.again(Duration.ZERO);
            } else {
                batch.fail(core.errors.stopped(fault));
            }
        });
    }

    private void ifProviderWorks(Runnable then) {
        core.probe.ask(problem -> {
            if (problem.isPresent()) {
                batch.fail(problem.get());
            } else if (!batch.isOver()) {
                then.run();
            }
        });
    }

    private void tooBig(Fault fault) {
        if (part.texts() == 1) {
            part.refuse(fault);
            return;
        }
        core.lessons.tooBig(fault, part.texts(), part.tokens(), part.characters());
        if (fault.cap().isPresent()) {
            core.sizes.atMost(fault.cap().getAsInt());
        } else {
            core.sizes.refused(part.texts(), part.characters());
        }
        part.cut(Math.max(2, core.sizes.parts(part.texts(), part.characters())));
    }

    private void isolate(Fault fault) {
        if (part.texts() == 1) {
            part.refuse(fault);
        } else if (!batch.isWorthBisecting()) {
            part.giveUp();
        } else if (fault.text().isPresent() && fault.text().getAsInt() < part.texts()) {
            part.remove(fault.text().getAsInt(), fault);
        } else {
            part.split(2);
        }
    }
}
