package io.embedlake.provider.wire.huggingface;

import io.embedlake.provider.wire.Budgets;
import io.embedlake.provider.wire.Call;
import io.embedlake.provider.wire.Reading.Fault;
import io.embedlake.provider.wire.Reply;
import io.embedlake.provider.wire.json.Frame;
import io.embedlake.provider.wire.json.Json;
import io.embedlake.provider.wire.json.WrongAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code POST /embed_all} of text-embeddings-inference: a vector for each token of each text, those that the model puts around it among
 * them, not brought to length 1. Immutable.
 */
public final class TeiTokens {
    private final Frame frame;
    private final Budgets budgets;

    /** What a reply means: vectors of all tokens, or a fault. */
    public sealed interface TokenReading {
        /**
         * Vectors of one length that are finite.
         *
         * @param vectors for each text {@code [tokens, dimension]}
         */
        record Answer(List<float[][]> vectors) implements TokenReading {
            public Answer {
                vectors = List.copyOf(vectors);
            }
        }

        /**
         * Why there are none.
         *
         * @param fault as for whole texts
         */
        record Failure(Fault fault) implements TokenReading {
            public Failure {
                Objects.requireNonNull(fault);
            }
        }
    }

    /**
     * The way of speaking to a server; its dimensions and normalising do not apply.
     *
     * @param budgets what it takes, best as {@link TeiInfo} says
     */
    public TeiTokens(TeiFormat.Settings settings, Budgets budgets) {
        this.budgets = Objects.requireNonNull(budgets);
        this.frame = Frame.ofList(texts -> new TeiFormat.Request(
                texts,
                settings.truncate().sent(),
                settings.sentDirection(),
                settings.promptName(),
                Optional.empty(),
                OptionalInt.empty()));
    }

    /** A call for the vectors of the tokens of some texts. */
    public Call call(List<String> texts) {
        if (texts.isEmpty() || texts.size() > budgets.texts()) {
            throw new IllegalArgumentException("a call holds 1 to " + budgets.texts() + " texts: " + texts.size());
        }
        return new Call("/embed_all", Map.of(), frame.body(texts));
    }

    /**
     * What a reply to a call means.
     *
     * @param texts how many texts the call had
     */
    public TokenReading read(Reply reply, int texts) {
        if (reply.status() / 100 != 2) {
            return new TokenReading.Failure(TeiFormat.FAULTS.ofError(reply, texts));
        }
        try {
            float[][][] vectors = Json.read(reply.body(), float[][][].class);
            requireShape(vectors, texts);
            return new TokenReading.Answer(Arrays.asList(vectors));
        } catch (WrongAnswer e) {
            return new TokenReading.Failure(TeiFormat.FAULTS.ofSuccess(reply, texts, e.getMessage()));
        }
    }

    private static void requireShape(float[][][] vectors, int texts) {
        if (vectors.length != texts) {
            throw new WrongAnswer("vectors of " + vectors.length + " texts for " + texts);
        }
        int dimension = -1;
        for (float[][] text : vectors) {
            if (text == null || text.length == 0) {
                throw new WrongAnswer("a text without vectors of tokens");
            }
            for (float[] token : text) {
                dimension = dimension < 0 ? token.length : dimension;
                if (token.length == 0 || token.length != dimension) {
                    throw new WrongAnswer("a vector of " + token.length + " values among those of " + dimension);
                }
            }
        }
    }
}
