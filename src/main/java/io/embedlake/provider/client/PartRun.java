package io.embedlake.provider.client;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.provider.limit.Cost;
import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.limit.Permit;
import io.embedlake.provider.wire.Call;
import io.embedlake.provider.wire.Cause;
import io.embedlake.provider.wire.Reading;
import io.embedlake.provider.wire.Reading.Answer;
import io.embedlake.provider.wire.Reading.Fault;
import io.embedlake.provider.wire.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Some texts of a batch in one call, which is sent until it succeeds, is cut into others, or is given up. Confined to the client's
 * agenda, except where a call is made and an answer read, which the sender's threads do.
 *
 * <p>Order of events: through the gate, made and signed, a permit, sent, answered, out of the gate, a decision.
 */
final class PartRun implements LeaseHolder.Turn, Sender.Listener {
    private final Core core;
    private final BatchRun batch;
    private final int[] rows;
    private final Cost cost;
    private final long characters;
    private final long startedNanos;

    private final Faults faults;

    private boolean isInside;
    private Permit permit;
    private volatile okhttp3.Call prepared;
    private long sentNanos;
    private int generation;
    private volatile Map<String, String> signature = Map.of();

    PartRun(Core core, BatchRun batch, int... rows) {
        this.core = core;
        this.batch = batch;
        this.rows = rows;
        this.startedNanos = core.agenda.nanos();
        long tokens = 0;
        long length = 0;
        for (int row : rows) {
            tokens += batch.text(row).tokens();
            length += batch.text(row).text().length();
        }
        this.cost = core.settings.counting().cost(rows.length, tokens);
        this.characters = length;
        this.faults = new Faults(core, batch, this);
    }

    /** Goes after everything that waits. */
    void start() {
        start(core.gate::enter);
    }

    /** Goes before everything that waits: a bad text is found before others are looked for. */
    void startNext() {
        start(core.gate::enterAgain);
    }

    private void start(Consumer<Runnable> entrance) {
        int pieces = core.sizes.parts(rows.length, characters);
        if (pieces > 1) {
            cut(pieces);
        } else {
            entrance.accept(this::inside);
        }
    }

    int texts() {
        return rows.length;
    }

    long characters() {
        return characters;
    }

    long tokens() {
        return cost.tokens();
    }

    long startedNanos() {
        return startedNanos;
    }

    /** With which it was sent last. */
    Permit permit() {
        return permit;
    }

    /** Of the secret that it was signed with last. */
    int generation() {
        return generation;
    }

    /** With which it was sent last. */
    Map<String, String> signature() {
        return signature;
    }

    /** Nobody waits for it any more. */
    void drop() {
        okhttp3.Call call = prepared;
        if (call != null) {
            call.cancel();
        }
        core.limit.cancel(this);
        leave();
    }

    private void inside() {
        isInside = true;
        if (batch.isOver()) {
            leave();
            return;
        }
        if (!batch.isWorthBisecting()) {
            leave();
            giveUp();
            return;
        }
        generation = core.secrets.generation();
        core.threads.execute(this::prepare);
    }

    private void prepare() {
        try {
            Call call = core.format.call(
                    Arrays.stream(rows).mapToObj(row -> batch.text(row).text()).toList());
            URI address = core.address(call.path());
            signature = core.signer.sign(address, call);
            prepared = core.sender.prepare(address, call, signature);
            core.limit.submit(cost, this);
        } catch (RuntimeException | Error e) {
            core.soon(() -> fail(e));
        }
    }

    @Override
    public void go(Permit permit) {
        if (batch.isOver()) {
            return;
        }
        this.permit = permit;
        sentNanos = core.agenda.nanos();
        core.counters.sent.increment();
        core.sender.send(prepared, this);
    }

    @Override
    public void fail(EmbedlakeException why) {
        fail((Throwable) why);
    }

    private void fail(Throwable why) {
        leave();
        batch.fail(why);
    }

    @Override
    public void answered(Reply reply) {
        try {
            core.learn(reply);
            Reading reading = checked(core.format.read(reply, rows.length));
            if (reading instanceof Answer answer) {
                core.bytes.learn(
                        rows.length, reply.body().length, answer.vectors().get(0).length);
            }
            Optional<String> shouldRetry = reply.header("x-should-retry");
            core.soon(() -> guarded(() -> {
                settle(reading);
                heard(reading, shouldRetry);
            }));
        } catch (RuntimeException | Error e) {
            core.soon(() -> fail(e));
        }
    }

    @Override
    public void failed(IOException why) {
        Fault fault = NoAnswer.fault(why);
        core.soon(() -> guarded(() -> heard(fault, Optional.empty())));
    }

    /** Vectors of another length are another model's. */
    private Reading checked(Reading reading) {
        if (reading instanceof Answer answer) {
            if (answer.vectors().size() != rows.length) {
                return Fault.of(Cause.WRONG_ANSWER, answer.vectors().size() + " vectors for " + rows.length + " texts");
            }
            int length = answer.vectors().get(0).length;
            int expected = core.settings.dimension().orElse(length);
            if (length != expected) {
                return Fault.of(Cause.WRONG_ANSWER, "vectors of " + length + " values instead of " + expected);
            }
        }
        return reading;
    }

    private void guarded(Runnable decision) {
        try {
            decision.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** A broken answer may be on the bill, and so may one that never came: they stay as their permits are. */
    private void settle(Reading reading) {
        if (reading instanceof Answer answer) {
            core.limit.charged(cost.tokens(), charged(answer));
        } else if (((Fault) reading).cause() != Cause.WRONG_ANSWER) {
            core.limit.charged(cost.tokens(), 0);
        }
    }

    private long charged(Answer answer) {
        return answer.tokens().orElse(cost.tokens());
    }

    private void heard(Reading reading, Optional<String> shouldRetry) {
        leave();
        if (batch.isOver()) {
            return;
        }
        faults.tookNanos(core.agenda.nanos() - sentNanos);
        if (reading instanceof Answer answer) {
            core.succeeded();
            long charged = charged(answer);
            core.counters.tokens.add(charged);
            core.lessons.charged(cost.tokens(), charged);
            batch.ended(this);
            batch.embedded(rows, answer, charged);
        } else {
            faults.decide((Fault) reading, shouldRetry);
        }
    }

    /** Leaves its texts without having tried each. */
    void giveUp() {
        batch.ended(this);
        batch.refusedUntried(rows);
    }

    /** Refuses one of its texts and goes on with the others. */
    void remove(int guilty, Fault fault) {
        core.counters.splits.increment();
        batch.ended(this);
        int[] others = new int[rows.length - 1];
        System.arraycopy(rows, 0, others, 0, guilty);
        System.arraycopy(rows, guilty + 1, others, guilty, others.length - guilty);
        batch.refused(new int[] {rows[guilty]}, fault.cause().kind(), fault.reason());
        batch.continueWith(others);
    }

    /** What the server does not take whole has to be sent in parts: they are needed. */
    void cut(int pieces) {
        core.counters.needed.add(pieces - 1);
        split(pieces);
    }

    /** Refuses all of its texts. */
    void refuse(Fault fault) {
        batch.ended(this);
        batch.refused(rows, fault.cause().kind(), fault.reason());
    }

    /** Goes on with its texts in parts. */
    void split(int pieces) {
        core.counters.splits.increment();
        batch.ended(this);
        for (int piece = pieces - 1; piece >= 0; piece--) {
            int from = (int) ((long) rows.length * piece / pieces);
            int to = (int) ((long) rows.length * (piece + 1) / pieces);
            batch.continueWith(Arrays.copyOfRange(rows, from, to));
        }
    }

    /** Sends the same once more. */
    void again(Duration wait) {
        core.agenda.at(core.agenda.nanos() + wait.toNanos(), () -> {
            if (!batch.isOver()) {
                core.gate.enterAgain(this::inside);
            }
        });
    }

    private void leave() {
        if (isInside) {
            isInside = false;
            core.gate.leave();
        }
    }

    /** What of it may stand in a log. */
    @Override
    public String toString() {
        return "a call with " + rows.length + " texts";
    }
}
