package io.embedlake.remote.http;

import io.embedlake.remote.format.Reading.Answer;
import io.embedlake.remote.format.Reading.Fault;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A batch from its first call until each of its texts has an outcome. Not thread-safe: confined to the client's event loop, apart from its
 * result.
 */
final class RequestGroup {
    /** The limit of refused texts to isolate in a batch, or a quarter of a large one: beyond it, the texts are not the cause. */
    private static final int FEW = 8;

    private static final int PART_OF_BATCH = 4;
    private static final String ENDED = "not embedded: the task has ended";

    private final ClientState state;
    private final List<PreparedText> texts;
    private final boolean isProbe;
    private final Outcome[] outcomes;
    private final Set<PendingRequest> parts = new HashSet<>();
    private final CompletableFuture<List<Outcome>> result = new CompletableFuture<>();
    private int undecided;
    private int bad;
    private boolean isFinishing;
    private Optional<Fault> lastFault = Optional.empty();

    private RequestGroup(ClientState state, List<PreparedText> texts, boolean isProbe) {
        this.state = state;
        this.texts = texts;
        this.isProbe = isProbe;
        this.outcomes = new Outcome[texts.size()];
        this.undecided = texts.size();
    }

    static RequestGroup of(ClientState state, List<PreparedText> texts) {
        return new RequestGroup(state, texts, false);
    }

    static RequestGroup probe(ClientState state, PreparedText text) {
        return new RequestGroup(state, List.of(text), true);
    }

    /** One outcome for each text, in order; or why there will be none. */
    CompletableFuture<List<Outcome>> result() {
        return result;
    }

    void start() {
        if (!isProbe) {
            state.counters.needed.increment();
        }
        part(Optional.empty(), IntStream.range(0, texts.size()).toArray()).start();
    }

    /** Sends some of its texts in a separate call, next. */
    void continueWith(Optional<HalvedRequest> whole, int... rows) {
        part(whole, rows).startNext();
    }

    private PendingRequest part(Optional<HalvedRequest> whole, int... rows) {
        PendingRequest part = new PendingRequest(state, this, whole, rows);
        parts.add(part);
        return part;
    }

    /** A part is decided, or was cut into others. */
    void ended(PendingRequest part) {
        parts.remove(part);
    }

    PreparedText text(int row) {
        return texts.get(row);
    }

    boolean isProbe() {
        return isProbe;
    }

    /** Whether no outcome is needed any more. */
    boolean isOver() {
        return result.isDone();
    }

    /** Whether calls for it may be made, and faults be followed by others. */
    boolean isGoingOn() {
        return !isOver() && !isFinishing;
    }

    /**
     * Some texts have their vectors.
     *
     * @param charged the tokens of all of them; each text has as many as its length lets expect
     */
    void embedded(int[] rows, Answer answer, long charged) {
        long expected =
                Arrays.stream(rows).mapToLong(row -> texts.get(row).tokens()).sum();
        double rate = (double) charged / Math.max(1, expected);
        long before = 0;
        for (int i = 0; i < rows.length; i++) {
            PreparedText text = texts.get(rows[i]);
            boolean isCut = text.truncated() || answer.cut().contains(i);
            long upTo = before + text.tokens();
            // Differences of a rounded sum add up to it.
            int tokens = Math.toIntExact(Math.round(rate * upTo) - Math.round(rate * before));
            before = upTo;
            outcomes[rows[i]] = new Outcome.Embedded(answer.vectors().get(i), Optional.empty(), tokens, 0, 1, isCut);
        }
        decided(rows.length);
    }

    void refused(int[] rows, Fault fault) {
        bad += rows.length;
        lastFault = Optional.of(fault);
        ErrorKind kind = fault.cause().kind();
        // A fault that would stop the job is this text's own when others succeed.
        decide(rows, kind.concernsRows() ? kind : ErrorKind.INVALID_INPUT, fault.reason());
    }

    private void decide(int[] rows, ErrorKind kind, String reason) {
        for (int row : rows) {
            outcomes[row] = new Outcome.Refused(kind, reason);
        }
        decided(rows.length);
    }

    /** Why a text of it was refused last. */
    Optional<Fault> lastFault() {
        return lastFault;
    }

    /** Whether so few of its texts were refused that it is worth looking for the next one. */
    boolean isWorthBisecting() {
        return bad <= Math.max(FEW, texts.size() / PART_OF_BATCH);
    }

    /** Texts that were not tried one by one may be valid: they are not reported as invalid. */
    void refusedUntried(int... rows) {
        decide(
                rows,
                ErrorKind.TRANSIENT,
                "not tried alone, because more than a quarter of the " + texts.size()
                        + " texts of its call were refused: "
                        + lastFault.map(Fault::reason).orElse(""));
    }

    /** Vectors that arrived are paid for, so they are outcomes even if the others fail. */
    void fail(Throwable why) {
        boolean isOver =
                !isProbe && why instanceof EmbedlakeException known ? stop(known) : result.completeExceptionally(why);
        if (isOver) {
            dropParts();
        }
    }

    private boolean stop(EmbedlakeException why) {
        if (isOver()) {
            return false;
        }
        state.stop(why);
        return complete("not embedded: the job was stopped");
    }

    private boolean complete(String undecided) {
        Outcome undone = new Outcome.Refused(ErrorKind.EXHAUSTED, undecided);
        return result.complete(Arrays.stream(outcomes)
                .map(outcome -> outcome == null ? undone : outcome)
                .toList());
    }

    /** These are no longer needed; all are over before the first makes room for another call. */
    static void cancel(List<RequestGroup> groups) {
        groups.stream().filter(group -> group.result.cancel(false)).toList().forEach(RequestGroup::dropParts);
    }

    /** Only the answers to calls under way are needed of these; no call of any begins where another is dropped. */
    static void finish(List<RequestGroup> groups) {
        groups.forEach(group -> group.isFinishing = true);
        groups.forEach(group -> {
            group.drop(part -> !part.isUnderWay());
            group.endIfFinished();
        });
    }

    /** These have got all the outcomes that they will have; all are over before the first makes room for another call. */
    static void end(List<RequestGroup> groups) {
        groups.stream().filter(group -> group.complete(ENDED)).toList().forEach(RequestGroup::dropParts);
    }

    /** A call of it is not under way any more. */
    void endIfFinished() {
        if (isFinishing && parts.stream().noneMatch(PendingRequest::isUnderWay)) {
            complete(ENDED);
        }
    }

    /** A text that stands alone is suspected: it counts as bad until it is cleared. */
    void suspect(Fault fault) {
        bad++;
        lastFault = Optional.of(fault);
    }

    /** It is no longer suspected; its validity is decided now. */
    void clear() {
        bad--;
    }

    private void dropParts() {
        drop(part -> true);
    }

    private void drop(Predicate<PendingRequest> which) {
        List<PendingRequest> dropped = parts.stream().filter(which).toList();
        dropped.forEach(parts::remove);
        dropped.forEach(PendingRequest::drop);
    }

    private void decided(int rows) {
        undecided -= rows;
        if (undecided == 0) {
            result.complete(Arrays.asList(outcomes));
        }
    }
}
