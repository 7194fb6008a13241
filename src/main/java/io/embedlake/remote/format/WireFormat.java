package io.embedlake.remote.format;

import java.util.List;

/**
 * One API, for one model with its options: texts to a call, a reply to vectors or a fault. Does no I/O and holds no secret. Immutable and
 * thread-safe.
 */
public interface WireFormat {
    /** What a call may hold as far as the documentation says; a server may allow less. */
    Budgets budgets();

    /**
     * A call for the vectors of some texts.
     *
     * @param texts at least one and at most {@link Budgets#texts()}, none of them blank
     */
    Call call(List<String> texts);

    /**
     * What a reply to a call means.
     *
     * @param texts how many texts the call had
     */
    Reading read(Reply reply, int texts);
}
