package io.embedlake.remote.http;

import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reading.Answer;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Permit;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.EmbedlakeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Some texts of a group in one call, which is sent until it succeeds, is cut into others, or is given up. Confined to the client's
 * event loop, except where a call is made and an answer read, which the sender's threads do.
 *
 * <p>Order of events: through the gate, made and signed, a permit, sent, answered, out of the gate, a decision.
 */
final class PendingRequest implements RateLimiterClient.Turn, Sender.Listener {
    private final ClientState state;
    private final RequestGroup group;
    private final int[] rows;
    private final Cost cost;
    private final long characters;

    private final Optional<HalvedRequest> whole;
    private final RetryDecision decision;

    private boolean isInside;
    private boolean isUnderWay;
    private Permit permit;
    private volatile okhttp3.Call prepared;
    private long sentNanos;
    private int generation;
    private volatile Map<String, String> signature = Map.of();
    private volatile URI address;

    /**
     * Some texts of a group.
     *
     * @param whole of what request these are a half
     */
    PendingRequest(ClientState state, RequestGroup group, Optional<HalvedRequest> whole, int... rows) {
        this.state = state;
        this.group = group;
        this.rows = rows;
        this.whole = whole;
        long tokens = 0;
        long length = 0;
        for (int row : rows) {
            tokens += group.text(row).tokens();
            length += group.text(row).text().length();
        }
        this.cost = new Cost(1, tokens, rows.length);
        this.characters = length;
        this.decision = new RetryDecision(state, group, this);
    }

    /** Goes after everything that waits. */
    void start() {
        start(state.gate::enter);
    }

    /** Goes before everything that waits: a bad text is found before others are looked for. */
    void startNext() {
        start(state.gate::enterAgain);
    }

    private void start(Consumer<Runnable> entrance) {
        int pieces = state.sizes.parts(rows.length, characters);
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

    /** Whether it was sent, and has no answer yet. */
    boolean isUnderWay() {
        return isUnderWay;
    }

    /** When it was sent last. */
    long sentNanos() {
        return sentNanos;
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

    /** Its outcome is no longer needed. */
    void drop() {
        okhttp3.Call call = prepared;
        if (call != null) {
            call.cancel();
        }
        state.limit.cancel(this);
        leave();
    }

    private void inside() {
        isInside = true;
        if (!group.isGoingOn()) {
            leave();
            return;
        }
        if (!group.isWorthBisecting()) {
            leave();
            giveUp();
            return;
        }
        if (state.probe.isFailing() && !group.isProbe()) {
            leave();
            state.probe.ask(found -> found.problem().ifPresentOrElse(group::fail, () -> again(Duration.ZERO)));
            return;
        }
        generation = state.secrets.generation();
        state.threads.execute(this::prepare);
    }

    private void prepare() {
        try {
            Call call = state.format.call(
                    Arrays.stream(rows).mapToObj(row -> group.text(row).text()).toList());
            address = state.address(call.path());
            signature = state.signer.sign(address, call);
            prepared = state.sender.prepare(address, call, signature);
            state.limit.submit(cost, this);
        } catch (RuntimeException | Error e) {
            state.soon(() -> fail(e));
        }
    }

    @Override
    public void go(Permit permit) {
        if (!group.isGoingOn()) {
            return;
        }
        isUnderWay = true;
        this.permit = permit;
        sentNanos = state.eventLoop.nanos();
        state.counters.sent.increment();
        state.sender.send(prepared, this);
    }

    @Override
    public void fail(EmbedlakeException why) {
        fail((Throwable) why);
    }

    private void fail(Throwable why) {
        leave();
        group.fail(why);
    }

    @Override
    public void answered(Reply reply) {
        try {
            state.learn(reply);
            if (state.redirects.learn(address, reply)) {
                state.soon(() -> guarded(this::redirected));
                return;
            }
            Reading reading = checked(state.format.read(reply, rows.length));
            if (reading instanceof Answer answer) {
                state.bytes.learn(
                        rows.length, reply.body().length, answer.vectors().get(0).length);
            }
            Optional<String> shouldRetry = reply.header("x-should-retry");
            state.soon(() -> guarded(() -> {
                settle(reading);
                heard(reading, shouldRetry);
            }));
        } catch (RuntimeException | Error e) {
            state.soon(() -> fail(e));
        }
    }

    @Override
    public void failed(IOException why) {
        Fault fault = NoAnswer.fault(why);
        state.soon(() -> guarded(() -> heard(fault, Optional.empty())));
    }

    private void redirected() {
        leave();
        state.limit.charged(cost.tokens(), 0);
        if (group.isGoingOn()) {
            again(Duration.ZERO);
        }
        group.endIfFinished();
    }

    private Reading checked(Reading reading) {
        return reading instanceof Answer answer && answer.vectors().size() != rows.length
                ? Fault.of(Cause.WRONG_ANSWER, answer.vectors().size() + " vectors for " + rows.length + " texts")
                : reading.ofLength(state.dimension());
    }

    private void guarded(Runnable decision) {
        try {
            decision.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** A broken or lost answer may have been charged: its permit's tokens stay counted. */
    private void settle(Reading reading) {
        if (reading instanceof Answer answer) {
            state.limit.charged(cost.tokens(), charged(answer));
        } else if (!((Fault) reading).cause().isBroken()) {
            state.limit.charged(cost.tokens(), 0);
        }
    }

    private long charged(Answer answer) {
        return answer.tokens().orElse(cost.tokens());
    }

    private void heard(Reading reading, Optional<String> shouldRetry) {
        leave();
        if (group.isOver()) {
            return;
        }
        decision.tookNanos(state.eventLoop.nanos() - sentNanos);
        if (reading instanceof Answer answer) {
            state.evidence.succeeded(state.eventLoop.nanos(), decision.failures());
            state.sizes.passed(rows.length, characters);
            whole.filter(HalvedRequest::halfPassed).ifPresent(state::learnSize);
            long charged = charged(answer);
            state.feedback.charged(cost.tokens(), charged);
            group.ended(this);
            group.embedded(rows, answer, charged);
        } else if (group.isGoingOn()) {
            decision.decide((Fault) reading, shouldRetry);
        }
        group.endIfFinished();
    }

    /** Leaves its texts without having tried each. */
    void giveUp() {
        group.ended(this);
        group.refusedUntried(rows);
    }

    /** Refuses one of its texts and goes on with the others. */
    void remove(int guilty, Fault fault) {
        group.ended(this);
        int[] others = new int[rows.length - 1];
        System.arraycopy(rows, 0, others, 0, guilty);
        System.arraycopy(rows, guilty + 1, others, guilty, others.length - guilty);
        group.refused(new int[] {rows[guilty]}, fault);
        group.continueWith(Optional.empty(), others);
    }

    /** The parts of a call that was too big count as needed. */
    void cut(int pieces) {
        state.counters.needed.add(pieces - 1);
        split(pieces, Optional.empty());
    }

    /** Refuses all of its texts. */
    void refuse(Fault fault) {
        group.ended(this);
        group.refused(rows, fault);
    }

    /** Continues with its halves: a text is invalid, or the call is too big. */
    void bisect(Fault fault) {
        split(2, Optional.of(new HalvedRequest(rows.length, cost.tokens(), characters, fault)));
    }

    private void split(int pieces, Optional<HalvedRequest> halved) {
        group.ended(this);
        for (int piece = pieces - 1; piece >= 0; piece--) {
            int from = (int) ((long) rows.length * piece / pieces);
            int to = (int) ((long) rows.length * (piece + 1) / pieces);
            group.continueWith(halved, Arrays.copyOfRange(rows, from, to));
        }
    }

    /** Sends the same once more. */
    void again(Duration wait) {
        state.eventLoop.at(state.eventLoop.nanos() + wait.toNanos(), () -> {
            if (group.isGoingOn()) {
                state.gate.enterAgain(this::inside);
            }
        });
    }

    private void leave() {
        isUnderWay = false;
        if (isInside) {
            isInside = false;
            state.gate.leave();
        }
    }

    /** The parts of it that may be logged. */
    @Override
    public String toString() {
        return "a call with " + rows.length + " texts";
    }
}
