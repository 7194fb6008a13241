package io.embedlake.lexical.words;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Looks up the words of texts and averages their vectors. Confined to one thread.
 *
 * <p>A word is looked up as it is written, then in lower case; one that is joined, such as {@code well-known}, at last in its parts.
 * Out-of-vocabulary words do not count.
 */
record WordSession(WordVectors vectors, IntToDoubleFunction weights, boolean normalizes) implements EmbeddingSession {
    @Override
    public EncodedInput encode(Input input) {
        String text = input.text();
        List<String> words = WordCounter.words(text);
        IntStream.Builder known = IntStream.builder();
        int unknown = 0;
        for (String word : words) {
            int[] numbers = known(word).toArray();
            IntStream.of(numbers).forEach(known);
            unknown += numbers.length == 0 ? 1 : 0;
        }
        if (unknown == words.size()) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    "none of the " + words.size() + " words of the text is in the model's vocabulary");
        }
        return new KnownWords(known.build().toArray(), words.size(), unknown);
    }

    private IntStream known(String word) {
        int number = find(word);
        return number >= 0
                ? IntStream.of(number)
                : Words.parts(word).stream().mapToInt(this::find).filter(part -> part >= 0);
    }

    private int find(String word) {
        int number = vectors.find(word);
        return number >= 0 ? number : vectors.find(word.toLowerCase(Locale.ROOT));
    }

    @Override
    public List<float[]> embed(List<EncodedInput> batch) {
        return batch.stream().map(text -> mean(((KnownWords) text).numbers())).toList();
    }

    private float[] mean(int[] words) {
        double[] sum = new double[vectors.dimension()];
        for (int word : words) {
            float[] vector = vectors.vector(word);
            double weight = weights.applyAsDouble(word);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * vector[i];
            }
        }
        double divisor = normalizes ? length(sum) : words.length;
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / divisor);
        }
        return mean;
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double number : vector) {
            squares += number * number;
        }
        if (squares == 0) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT,
                    "the vectors of the text's words add up to zero, which cannot be brought to length 1");
        }
        return Math.sqrt(squares);
    }
}
