package io.embedlake.lexical;

import io.embedlake.spi.EncodedInput;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts a text's words and the character n-grams of its words into a fixed number of buckets: the hashing trick with a signed hash
 * (Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009).
 *
 * <p>A word is a run of letters and digits in lower case; every other character that is not white space is a word. The n-grams are those of
 * the word between {@code <} and {@code >}, of {@value #SHORTEST} to {@value #LONGEST} characters. Counts are damped to
 * {@code sign(c)*ln(1+|c|)} and the vector is divided by its L2 norm. When all features of a short text cancel each other out, they are counted
 * without their signs, so that every word counts. Stateless apart from the dimension; deterministic on every platform.
 */
record HashedFeatures(int dimension) {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 5;
    private static final float WORD_WEIGHT = 1f;
    private static final float NGRAM_WEIGHT = 0.3f;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /**
     * A text's vector.
     *
     * @param vector {@code [dimension]}, of length 1
     * @param tokens how many words it has, at least 1
     */
    record Counted(float[] vector, int tokens) implements EncodedInput {}

    /** Counts the features of a text; empty when it has no word, that is, when it is blank. */
    Optional<Counted> count(String text) {
        int[] characters = text.toLowerCase(Locale.ROOT).codePoints().toArray();
        float[] vector = new float[dimension];
        int words = addWords(characters, true, vector);
        if (words == 0) {
            return Optional.empty();
        }
        if (!normalise(vector)) {
            addWords(characters, false, vector);
            normalise(vector);
        }
        return Optional.of(new Counted(vector, words));
    }

    /** Adds the features of all words, with or without their signs; gives the number of words. */
    private int addWords(int[] characters, boolean signed, float[] vector) {
        int words = 0;
        for (int start = 0; start < characters.length; ) {
            int end = start + 1;
            if (Character.isLetterOrDigit(characters[start])) {
                while (end < characters.length && Character.isLetterOrDigit(characters[end])) {
                    end++;
                }
                addWord(characters, start, end, signed, vector);
                words++;
            } else if (!isWhiteSpace(characters[start])) {
                add(hash(FNV_OFFSET, characters, start, end), WORD_WEIGHT, signed, vector);
                words++;
            }
            start = end;
        }
        return words;
    }

    private void addWord(int[] characters, int start, int end, boolean signed, float[] vector) {
        add(hash(FNV_OFFSET, characters, start, end), WORD_WEIGHT, signed, vector);
        int length = end - start + 2;
        for (int n = SHORTEST; n <= LONGEST && n <= length; n++) {
            for (int from = start - 1; from + n <= end + 1; from++) {
                long hash = mix(FNV_OFFSET, '#');
                for (int at = from; at < from + n; at++) {
                    hash = mix(hash, at < start ? '<' : at >= end ? '>' : characters[at]);
                }
                add(hash, NGRAM_WEIGHT, signed, vector);
            }
        }
    }

    private void add(long hash, float weight, boolean signed, float[] vector) {
        long mixed = finish(hash);
        int bucket = (int) Math.floorMod(mixed >>> 1, (long) dimension);
        vector[bucket] += signed && (mixed & 1) != 0 ? -weight : weight;
    }

    /** Unicode's White_Space, so that a text has a word unless it is blank. */
    private static boolean isWhiteSpace(int character) {
        return Character.isSpaceChar(character) || character >= '\t' && character <= '\r' || character == 0x85;
    }

    private static long hash(long seed, int[] characters, int start, int end) {
        long hash = seed;
        for (int at = start; at < end; at++) {
            hash = mix(hash, characters[at]);
        }
        return hash;
    }

    /** One step of FNV-1a over a whole code point. */
    private static long mix(long hash, int character) {
        return (hash ^ character) * FNV_PRIME;
    }

    /** MurmurHash3's 64-bit finaliser: FNV alone leaves the low bits too regular for small tables. */
    private static long finish(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** Damps the counts and divides by the norm; false, and nothing done, when all counts are zero. */
    private static boolean normalise(float[] vector) {
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (Math.signum(vector[i]) * StrictMath.log1p(Math.abs(vector[i])));
            squares += (double) vector[i] * vector[i];
        }
        if (squares == 0) {
            return false;
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return true;
    }
}
