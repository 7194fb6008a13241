package io.embedlake.cli.bench;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * An embedder that adds up how long its sessions prepare inputs and how long they compute, on all threads. Thread-safe; does not close the
 * embedder that it times.
 */
final class TimedEmbedder implements Embedder {
    private final Embedder timed;
    private final LongAdder preparing = new LongAdder();
    private final LongAdder computing = new LongAdder();

    TimedEmbedder(Embedder timed) {
        this.timed = timed;
    }

    /** The seconds in which inputs were prepared: files read and decoded, images resized. */
    double preparing() {
        return preparing.sum() / 1e9;
    }

    /** The seconds in which the network computed. */
    double computing() {
        return computing.sum() / 1e9;
    }

    private static <T> T timed(LongAdder sum, Supplier<T> work) {
        long begin = System.nanoTime();
        try {
            return work.get();
        } finally {
            sum.add(System.nanoTime() - begin);
        }
    }

    @Override
    public int dimension() {
        return timed.dimension();
    }

    @Override
    public Granularity granularity() {
        return timed.granularity();
    }

    @Override
    public InputKind inputs() {
        return timed.inputs();
    }

    @Override
    public boolean hasZeroVectors() {
        return timed.hasZeroVectors();
    }

    @Override
    public EmbeddingSession open() {
        EmbeddingSession session = timed.open();
        return new EmbeddingSession() {
            @Override
            public EncodedInput encode(Input input) {
                return timed(preparing, () -> session.encode(input));
            }

            @Override
            public List<float[]> embed(List<EncodedInput> batch) {
                return timed(computing, () -> session.embed(batch));
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
