package io.embedlake.lexical.words;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes small files of word vectors, each format as its program does. Stateless. */
enum WordFile {
    GLOVE {
        @Override
        byte[] bytes(Map<String, float[]> vectors) {
            return lines(vectors, "\n").getBytes(StandardCharsets.UTF_8);
        }
    },
    /** Ends its lines with a space. */
    WORD2VEC_TEXT {
        @Override
        byte[] bytes(Map<String, float[]> vectors) {
            return (header(vectors) + lines(vectors, " \n")).getBytes(StandardCharsets.UTF_8);
        }
    },
    FASTTEXT {
        @Override
        byte[] bytes(Map<String, float[]> vectors) {
            return (header(vectors) + lines(vectors, "\n")).getBytes(StandardCharsets.UTF_8);
        }
    },
    WORD2VEC_BINARY {
        @Override
        byte[] bytes(Map<String, float[]> vectors) {
            return binary(vectors, "\n");
        }
    },
    GENSIM_BINARY {
        @Override
        byte[] bytes(Map<String, float[]> vectors) {
            return binary(vectors, "");
        }
    };

    /** The file's bytes; the vectors have one length. */
    abstract byte[] bytes(Map<String, float[]> vectors);

    Path write(Path folder, Map<String, float[]> vectors) {
        return write(folder, bytes(vectors));
    }

    Path write(Path folder, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name()), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(Map<String, float[]> vectors) {
        return vectors.size() + " " + vectors.values().iterator().next().length + "\n";
    }

    private static String lines(Map<String, float[]> vectors, String lineEnd) {
        return vectors.entrySet().stream()
                .map(entry -> entry.getKey() + numbers(entry.getValue()) + lineEnd)
                .collect(Collectors.joining());
    }

    private static String numbers(float[] vector) {
        StringBuilder numbers = new StringBuilder();
        for (float number : vector) {
            numbers.append(' ').append(number);
        }
        return numbers.toString();
    }

    private static byte[] binary(Map<String, float[]> vectors, String end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header(vectors).getBytes(StandardCharsets.UTF_8));
        vectors.forEach((word, vector) -> {
            bytes.writeBytes((word + " ").getBytes(StandardCharsets.UTF_8));
            ByteBuffer numbers =
                    ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
            numbers.asFloatBuffer().put(vector);
            bytes.writeBytes(numbers.array());
            bytes.writeBytes(end.getBytes(StandardCharsets.UTF_8));
        });
        return bytes.toByteArray();
    }
}
