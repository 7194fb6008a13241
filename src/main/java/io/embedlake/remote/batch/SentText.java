package io.embedlake.remote.batch;

import java.util.List;
import java.util.Objects;

/**
 * A text of a batch as the journal remembers it. Immutable.
 *
 * @param id as in {@link BatchText}
 * @param tokens how many tokens it has, as they were counted before it was sent
 */
public record SentText(String id, int tokens) {
    public SentText {
        Objects.requireNonNull(id);
    }

    /** The tokens of texts. */
    static long tokens(List<SentText> texts) {
        return texts.stream().mapToLong(SentText::tokens).sum();
    }
}
