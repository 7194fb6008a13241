package io.embedlake.lexical.words;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * A file of word vectors, opened: the words are numbered in the order of the file. The vectors of the first words, which texts mostly
 * consist of because files begin with the most frequent ones, are decoded once; the others on each access. Immutable and thread-safe.
 */
final class WordVectors {
    /** How much memory the vectors take that are decoded once: those of 13,000 words where a word has 300 numbers. */
    private static final int FIRST_BYTES = 1 << 24;

    private final MappedFile file;
    private final VectorFormat format;
    private final WordIndex index;
    private final float[][] first;

    private WordVectors(MappedFile file, VectorFormat format, WordIndex index) {
        this.file = file;
        this.format = format;
        this.index = index;
        int kept = Math.min(index.size(), FIRST_BYTES / Float.BYTES / format.dimension());
        this.first = IntStream.range(0, kept).mapToObj(this::decoded).toArray(float[][]::new);
    }

    /**
     * Opens a file of any format, reading all of it once.
     *
     * @param segmentBytes how much of the file one mapping may hold
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is damaged or of another format
     */
    static WordVectors open(Path path, int segmentBytes) {
        MappedFile file = MappedFile.open(path, segmentBytes);
        VectorFormat format = VectorFormat.of(file);
        return new WordVectors(file, format, format.index(file));
    }

    /** How many numbers a word has. */
    int dimension() {
        return format.dimension();
    }

    /** How many different words the file has. */
    int words() {
        return index.size();
    }

    /** The number of a word; -1 when the file does not have it. */
    int find(String word) {
        return index.find(word.getBytes(StandardCharsets.UTF_8));
    }

    /** The vector of a word, {@code [dimension]}; to be read only. */
    float[] vector(int word) {
        return word < first.length ? first[word] : decoded(word);
    }

    private float[] decoded(int word) {
        byte[] bytes = new byte[index.vectorBytes(word)];
        file.read(index.vectorStart(word), bytes, bytes.length);
        float[] vector = new float[dimension()];
        format.decode(bytes, 0, bytes.length, vector);
        return vector;
    }
}
