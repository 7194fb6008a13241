package io.embedlake.remote.format.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.json.WrongAnswer;
import io.embedlake.spi.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The body of a reply that claims success, as its API shapes it. Implementations are records that Jackson reads. Immutable. */
public interface Success {
    /** The headers in which some servers report tokens. */
    List<String> TOKEN_HEADERS =
            List.of("x-amzn-bedrock-input-token-count", "x-compute-tokens", "num-tokens", "num_tokens");

    /**
     * The vectors, in the order of the call's texts.
     *
     * @param texts how many texts the call had
     * @throws WrongAnswer when they are missing or of another number
     */
    List<float[]> vectors(int texts);

    /** The tokens charged for the call, if reported. */
    default OptionalLong tokens() {
        return OptionalLong.empty();
    }

    /** The tokens charged for the call: as the body reports them, else a header. */
    default OptionalLong charged(Reply reply) {
        OptionalLong stated = tokens();
        return stated.isPresent()
                ? stated
                : TOKEN_HEADERS.stream()
                        .flatMap(name -> reply.header(name).stream())
                        .filter(value -> value.matches("\\d{1,18}"))
                        .mapToLong(Long::parseLong)
                        .findFirst();
    }

    /**
     * Checks the vectors: not empty, not zero, of one length.
     *
     * @throws WrongAnswer when one is not
     */
    default void requireSound(List<float[]> vectors) {
        int expected = vectors.get(0).length;
        for (float[] vector : vectors) {
            if (vector.length == 0) {
                throw new WrongAnswer("an empty vector");
            }
            if (Vectors.isZero(vector)) {
                throw new WrongAnswer("a vector of zeros");
            }
            if (vector.length != expected) {
                throw new WrongAnswer("a vector of " + vector.length + " values among those of " + expected);
            }
        }
    }

    /** The positions of the truncated texts, if reported. */
    default Set<Integer> cut() {
        return Set.of();
    }

    /** The error that some servers send with a status of success; missing or null where there is none. */
    default JsonNode error() {
        return MissingNode.getInstance();
    }

    /** Vectors of an API that keeps the order and has no index. */
    static <T> List<float[]> inOrder(List<T> items, int texts, Function<T, float[]> vector) {
        requireCount(items, texts);
        return items.stream().map(item -> vectorOf(item, vector)).toList();
    }

    /** Vectors of an API that numbers them: every number from 0 on, each once. */
    static <T> List<float[]> byIndex(List<T> items, int texts, Function<T, float[]> vector, ToIntFunction<T> index) {
        requireCount(items, texts);
        float[][] placed = new float[texts][];
        for (T item : items) {
            float[] value = vectorOf(item, vector);
            int place = index.applyAsInt(item);
            if (place < 0 || place >= texts) {
                throw new WrongAnswer("index " + place + " for " + texts + " texts");
            }
            if (placed[place] != null) {
                throw new WrongAnswer("index " + place + " twice");
            }
            placed[place] = value;
        }
        return Arrays.asList(placed);
    }

    private static <T> float[] vectorOf(T item, Function<T, float[]> vector) {
        float[] value = item == null ? null : vector.apply(item);
        if (value == null) {
            throw new WrongAnswer("an item has no vector");
        }
        return value;
    }

    private static void requireCount(List<?> items, int texts) {
        if (items == null) {
            throw new WrongAnswer("the body has no vectors");
        }
        if (items.size() != texts) {
            throw new WrongAnswer(items.size() + " vectors for " + texts + " texts");
        }
    }
}
