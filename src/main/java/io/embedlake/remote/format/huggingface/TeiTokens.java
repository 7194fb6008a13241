package io.embedlake.remote.format.huggingface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.embedlake.remote.format.BodySize;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.json.Frame;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Token vectors of text-embeddings-inference, which take two requests: {@code POST /embed_all} gives their vectors, {@code POST /tokenize}
 * their places. Immutable.
 */
public final class TeiTokens implements ModelFormat {
    /** The position of special tokens. */
    public static final int NOWHERE = -1;

    /** More than other calls: a token's vector takes as long to read as that of a whole text. */
    private static final long CALL_TOKENS = 8192;

    private final String path;
    private final Frame frame;
    private final Function<byte[], List<float[]>> reader;
    private final Budgets budgets;
    private final Map<String, String> vectorOptions;

    private TeiTokens(
            String path,
            Frame frame,
            Function<byte[], List<float[]>> reader,
            Budgets budgets,
            Map<String, String> vectorOptions) {
        this.path = path;
        this.frame = frame;
        this.reader = reader;
        this.budgets = budgets.capped(Budgets.Part.CALL_TOKENS, CALL_TOKENS);
        this.vectorOptions = vectorOptions;
    }

    private record PlacesRequest(List<String> inputs) {}

    /** What the server says of a token; where it is, in bytes of UTF-8, is not said of special ones. */
    private record Token(@JsonProperty("special") boolean isSpecial, Integer start, Integer stop) {
        Token {
            start = isSpecial || start == null ? NOWHERE : start;
            stop = isSpecial || stop == null ? NOWHERE : stop;
            if (!isSpecial && (start < 0 || stop < start)) {
                throw new WrongAnswer("a token from " + start + " to " + stop);
            }
        }
    }

    /**
     * The vectors of all tokens, special ones included, not brought to length 1; texts are cut as those of {@code /embed} are. What is read
     * is {@code [tokens, dimension]} for each text, row after row.
     *
     * @param budgets the server's limits, best those of {@link TeiInfo}
     */
    public static ModelFormat vectors(TeiFormat.Settings settings, Budgets budgets) {
        return new TeiTokens(
                "/embed_all",
                Frame.ofList(texts -> new TeiFormat.Request(
                        texts,
                        settings.truncate().sent(),
                        settings.sentDirection(),
                        settings.promptName(),
                        Optional.empty(),
                        OptionalInt.empty())),
                TeiTokens::rows,
                budgets,
                settings.vectorOptions("tei")
                        .with("granularity", Optional.of("token"))
                        .map());
    }

    /**
     * The places of all tokens, those of texts that are too long not excepted. What is read is {@code [tokens, 2]} for each text: the bytes
     * of its UTF-8 at which each token begins and has ended, {@link #NOWHERE} twice for a special one.
     *
     * @param budgets the server's limits, best those of {@link TeiInfo}
     */
    public static ModelFormat places(TeiFormat.Settings settings, Budgets budgets) {
        return new TeiTokens(
                "/tokenize",
                Frame.ofList(PlacesRequest::new),
                TeiTokens::pairs,
                budgets,
                settings.vectorOptions("tei").map());
    }

    @Override
    public BodySize bodySize() {
        return frame;
    }

    @Override
    public Budgets budgets() {
        return budgets;
    }

    @Override
    public Map<String, String> vectorOptions() {
        return vectorOptions;
    }

    @Override
    public Call call(List<String> texts) {
        if (texts.isEmpty() || texts.size() > budgets.texts()) {
            throw new IllegalArgumentException("a call holds 1 to " + budgets.texts() + " texts: " + texts.size());
        }
        return new Call(path, Map.of(), frame.body(texts));
    }

    @Override
    public Reading read(Reply reply, int texts) {
        if (reply.status() / 100 != 2) {
            return TeiFormat.FAULTS.ofError(reply, texts);
        }
        try {
            List<float[]> read = reader.apply(reply.body());
            if (read.size() != texts) {
                throw new WrongAnswer("tokens of " + read.size() + " texts for " + texts);
            }
            return new Reading.Answer(read, OptionalLong.empty());
        } catch (WrongAnswer e) {
            return TeiFormat.FAULTS.ofSuccess(reply, texts, e.getMessage());
        }
    }

    private static List<float[]> rows(byte[] body) {
        List<float[]> texts = new ArrayList<>();
        int dimension = -1;
        for (float[][] text : Json.read(body, float[][][].class)) {
            if (text == null || text.length == 0) {
                throw new WrongAnswer("a text without vectors of tokens");
            }
            dimension = dimension < 0 ? text[0].length : dimension;
            float[] rows = new float[text.length * dimension];
            for (int token = 0; token < text.length; token++) {
                if (text[token].length != dimension || dimension == 0) {
                    throw new WrongAnswer("a vector of " + text[token].length + " values among those of " + dimension);
                }
                System.arraycopy(text[token], 0, rows, token * dimension, dimension);
            }
            texts.add(rows);
        }
        return texts;
    }

    private static List<float[]> pairs(byte[] body) {
        List<float[]> texts = new ArrayList<>();
        for (Token[] text : Json.read(body, Token[][].class)) {
            if (text == null || text.length == 0) {
                throw new WrongAnswer("a text without tokens");
            }
            float[] pairs = new float[text.length * 2];
            for (int token = 0; token < text.length; token++) {
                if (text[token] == null) {
                    throw new WrongAnswer("a token that is null");
                }
                pairs[token * 2] = text[token].start();
                pairs[token * 2 + 1] = text[token].stop();
            }
            texts.add(pairs);
        }
        return texts;
    }

    @Override
    public String toString() {
        return "POST " + path + " " + vectorOptions;
    }
}
