package io.embedlake.local;

import io.embedlake.local.family.TextNetwork;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Head;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Precision;
import io.embedlake.local.network.TokenBatch;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A network for texts that embedlake has built from a checkpoint, loaded once and shared: each session computes on its caller's thread, so a
 * processor is filled by as many sessions as it has cores. Thread-safe; closed by its owner.
 */
final class NativeEmbedder implements Embedder {
    private static final int CHUNKS_AT_ONCE = 8;

    private final String label;
    private final TransformerTokenizer tokenizer;
    private final TextNetwork body;
    private final LoadedNetwork network;
    private final Granularity granularity;
    private final boolean unitLength;
    private final int dimension;

    private NativeEmbedder(
            String label,
            TransformerTokenizer tokenizer,
            TextNetwork body,
            LoadedNetwork network,
            Granularity granularity,
            boolean unitLength) {
        this.label = label;
        this.tokenizer = tokenizer;
        this.body = body;
        this.network = network;
        this.granularity = granularity;
        this.unitLength = unitLength;
        try (EmbeddingSession session = open()) {
            this.dimension = ProbeTexts.dimension(session);
        }
    }

    /** Builds and loads a network; takes the tokenizer over, also when it fails. */
    static NativeEmbedder load(
            ModelFiles files,
            TransformerTokenizer tokenizer,
            TextNetwork body,
            Head head,
            Granularity granularity,
            boolean unitLength,
            Precision precision,
            Device device) {
        LoadedNetwork network = null;
        try {
            network = LoadedNetwork.load(files, body, head, Network::new, precision, device);
            return new NativeEmbedder(files.label(), tokenizer, body, network, granularity, unitLength);
        } catch (RuntimeException e) {
            if (network != null) {
                network.close();
            }
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public Granularity granularity() {
        return granularity;
    }

    @Override
    public EmbeddingSession open() {
        return new Session();
    }

    @Override
    public void close() {
        network.close();
        tokenizer.close();
    }

    private final class Session implements EmbeddingSession {
        @Override
        public EncodedInput encode(Input input) {
            return tokenizer.encode(input);
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            List<TokenIds> whole = batch.stream()
                    .filter(text -> text.chunks() == 1)
                    .map(text -> sequences(text).get(0))
                    .toList();
            Iterator<float[]> wholes = whole.isEmpty() ? null : compute(whole).iterator();
            return batch.stream()
                    .map(text -> text.chunks() == 1 ? wholes.next() : split((SplitText) text))
                    .toList();
        }

        private static List<TokenIds> sequences(EncodedInput text) {
            return text instanceof SplitText split ? split.sequences() : List.of((TokenIds) text);
        }

        private float[] split(SplitText text) {
            List<float[]> vectors = new ArrayList<>();
            for (int start = 0; start < text.chunks(); start += CHUNKS_AT_ONCE) {
                vectors.addAll(
                        compute(text.sequences().subList(start, Math.min(text.chunks(), start + CHUNKS_AT_ONCE))));
            }
            return text.join(vectors, unitLength);
        }

        private List<float[]> compute(List<TokenIds> texts) {
            return Halving.compute(texts, this::computeAtOnce, LoadedNetwork::isOutOfMemory);
        }

        private List<float[]> computeAtOnce(List<TokenIds> texts) {
            List<TokenBatch.Sequence> sequences =
                    texts.stream().map(this::sequence).toList();
            TokenBatch batch = TokenBatch.of(sequences, body.padding());
            float[] numbers = network.compute(loaded -> loaded.compute(batch));
            int share = numbers.length / texts.size();
            int width = share / (granularity == Granularity.TOKEN ? batch.length() : 1);
            List<float[]> vectors = new ArrayList<>(texts.size());
            for (int text = 0; text < texts.size(); text++) {
                int offset = text * share;
                vectors.add(texts.get(text)
                        .parts()
                        .map(parts -> parts.vectors(numbers, offset, width, unitLength))
                        .orElseGet(() -> Arrays.copyOfRange(numbers, offset, offset + width)));
            }
            return vectors;
        }

        private TokenBatch.Sequence sequence(TokenIds tokens) {
            for (long id : tokens.ids()) {
                if (id >= body.vocabulary()) {
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot use the model " + label + ": its tokenizer gives the id " + id
                                    + " (its network knows " + body.vocabulary()
                                    + " ids). Get the model's files again, all of one revision.");
                }
            }
            TokenBatch.Sequence sequence = new TokenBatch.Sequence(tokens.ids(), tokens.types(), tokens.start());
            return body.readsPadding() ? sequence.filledUp(body.padding(), body.positions()) : sequence;
        }
    }
}
