package io.embedlake.local;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.embedlake.local.head.Pooling;
import io.embedlake.spi.Vectors;
import java.util.ArrayList;
import java.util.List;

/**
 * Feeds a batch of token ids to a transformer and takes its last hidden states, pooled or token by token. Immutable and thread-safe; DJL frees the
 * arrays of a batch when the batch is done.
 *
 * <p>The network's inputs are the three of the BERT family as far as it has them, {@code int64 [batch, length]}; its output
 * is {@code last_hidden_state}, or the first one with three dimensions, {@code [batch, length, hidden]}.
 */
final class TextEncoder implements NoBatchifyTranslator<List<TokenIds>, List<float[]>> {
    private static final String BATCH = "batch";
    private static final String HIDDEN_STATE = "last_hidden_state";

    private final List<String> inputNames;
    private final List<Pooling> pooling;
    private final boolean unitLength;

    TextEncoder(Model model, List<Pooling> pooling, boolean unitLength) {
        this.inputNames = model.getBlock().describeInput().keys();
        this.pooling = pooling;
        this.unitLength = unitLength;
    }

    @Override
    public NDList processInput(TranslatorContext context, List<TokenIds> batch) {
        context.setAttachment(BATCH, batch);
        int length = batch.stream().mapToInt(TokenIds::tokens).max().orElseThrow();
        Shape shape = new Shape(batch.size(), length);
        NDList inputs = new NDList();
        for (String name : inputNames) {
            NDArray array = create(context.getNDManager(), values(name, batch, length), shape);
            array.setName(name);
            inputs.add(array);
        }
        return inputs;
    }

    @Override
    public List<float[]> processOutput(TranslatorContext context, NDList outputs) {
        @SuppressWarnings("unchecked")
        List<TokenIds> batch = (List<TokenIds>) context.getAttachment(BATCH);
        NDArray hidden = hiddenState(outputs);
        int length = (int) hidden.getShape().get(1);
        int size = (int) hidden.getShape().get(2);
        float[] states = hidden.toFloatArray();
        List<float[]> vectors = new ArrayList<>(batch.size());
        for (int text = 0; text < batch.size(); text++) {
            TokenIds tokens = batch.get(text);
            int offset = text * length * size;
            vectors.add(tokens.parts()
                    .map(parts -> parts.vectors(states, offset, size, unitLength))
                    .orElseGet(() -> pooled(states, offset, tokens, size)));
        }
        return vectors;
    }

    private float[] pooled(float[] states, int offset, TokenIds tokens, int size) {
        float[] vector = Pooling.pool(pooling, new Pooling.Text(states, offset, tokens.start(), tokens.tokens()), size);
        if (unitLength) {
            Vectors.normalize(vector, 0, vector.length);
        }
        return vector;
    }

    private static NDArray hiddenState(NDList outputs) {
        for (NDArray output : outputs) {
            if (HIDDEN_STATE.equals(output.getName())) {
                return output;
            }
        }
        return outputs.stream()
                .filter(output -> output.getShape().dimension() == 3)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("it has no output of shape [batch, length, hidden]"));
    }

    private static NDArray create(NDManager manager, long[] values, Shape shape) {
        return manager.create(values, shape);
    }

    /** The padding is zero in every input: the mask hides it, and the ids of it are never read. */
    private static long[] values(String name, List<TokenIds> batch, int length) {
        long[] values = new long[batch.size() * length];
        for (int text = 0; text < batch.size(); text++) {
            TokenIds tokens = batch.get(text);
            int start = text * length;
            switch (name) {
                case "input_ids" -> System.arraycopy(tokens.ids(), 0, values, start, tokens.tokens());
                case "token_type_ids" -> System.arraycopy(tokens.types(), 0, values, start, tokens.tokens());
                case "attention_mask" -> java.util.Arrays.fill(values, start, start + tokens.tokens(), 1);
                default -> throw new IllegalStateException("it has an input that is not known: " + name);
            }
        }
        return values;
    }
}
