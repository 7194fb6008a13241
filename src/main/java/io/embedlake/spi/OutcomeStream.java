package io.embedlake.spi;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * The outcomes of texts, in their order, one for each that was read. Confined to one thread; closed by its caller, and then
 * nothing of it is under way any more.
 *
 * <p>When nothing more can be embedded it ends early: the rest of the texts is not read, and each that was read and has no vector is
 * refused with {@link ErrorKind#EXHAUSTED}, which is no word on the text. What was embedded by then comes first.
 */
public interface OutcomeStream extends Iterator<Outcome>, AutoCloseable {
    /** Why it ends early, if it does; complete when there is no next outcome. */
    Optional<EmbedlakeException> stopped();

    /**
     * Ends it early, for an owner who wants nothing more but what is paid for: it reads no further text and begins no further call, and waits for
     * the calls that are under way. Then it goes on with the outcomes that there are; texts that have none are refused with {@link ErrorKind#EXHAUSTED}.
     *
     * @param most how long it waits; less when the thread is interrupted
     */
    void finish(Duration most);

    @Override
    void close();
}
