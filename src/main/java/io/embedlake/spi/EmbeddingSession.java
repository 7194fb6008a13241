package io.embedlake.spi;

import java.util.List;

/**
 * A cheap handle on an {@link Embedder}: a batch in, vectors out, same length, same order. Confined to one thread; closed by
 * its creator, before its embedder.
 */
public interface EmbeddingSession extends TokenCounter {
    /**
     * Brings an input into the platform's own form, cut to the platform's limit.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when the platform can never take this one; also other kinds
     *     that {@linkplain ErrorKind#concernsRows() concern rows} when an image cannot be read
     */
    @Override
    EncodedInput encode(Input input);

    /**
     * Embeds a batch. A vector does not depend on its neighbours in the batch.
     *
     * @param batch at least one input that {@link #encode} of the same embedder made
     * @return for each input, in the order of the batch, {@code [dimension]}, or {@code [spans, dimension]} in row-major order where
     *     the input has {@linkplain EncodedInput#spans() spans}
     * @throws EmbedlakeException with a kind that {@linkplain ErrorKind#concernsRows() concerns rows} when a smaller batch may
     *     work, with any other kind when nothing will
     */
    List<float[]> embed(List<EncodedInput> batch);
}
