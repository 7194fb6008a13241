package io.embedlake.lexical.words;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes word vectors in the binary format of word2vec, which the platform {@code word-vectors} reads. Stateless. */
public final class WordVectorBytes {
    private WordVectorBytes() {}

    /**
     * The content of a file.
     *
     * @param words at least one, the most frequent one first, none of them with white space
     * @param vectors for each word {@code [dimension]}
     */
    public static byte[] of(List<String> words, List<float[]> vectors) {
        if (words.isEmpty() || words.size() != vectors.size()) {
            throw new IllegalArgumentException(words.size() + " words and " + vectors.size() + " vectors");
        }
        int dimension = vectors.get(0).length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((words.size() + " " + dimension + "\n").getBytes(StandardCharsets.UTF_8));
        ByteBuffer numbers = ByteBuffer.allocate(Float.BYTES * dimension).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < words.size(); i++) {
            numbers.clear().asFloatBuffer().put(vectors.get(i));
            bytes.writeBytes((words.get(i) + " ").getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(numbers.array());
        }
        return bytes.toByteArray();
    }
}
