package io.embedlake.spi;

import java.util.List;

/**
 * A cheap handle on an {@link Embedder}: a batch in, vectors out, same length, same order. Confined to one thread; closed by
 * its creator, before its embedder.
 */
public interface EmbeddingSession extends TokenCounter {
    /**
     * Brings a text into the platform's own form, cut to the platform's limit.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when the platform can never take this text
     */
    @Override
    EncodedText encode(String text);

    /**
     * Embeds a batch. A vector does not depend on its neighbours in the batch.
     *
     * @param batch at least one text that {@link #encode} of the same embedder made
     * @return for each text, in the order of the batch, {@code [dimension]}, or {@code [spans, dimension]} in row-major order where
     *     the text has {@linkplain EncodedText#spans() spans}
     * @throws EmbedlakeException with a kind that {@linkplain ErrorKind#concernsRows() concerns rows} when a smaller batch may
     *     work, with any other kind when nothing will
     */
    List<float[]> embed(List<EncodedText> batch);
}
