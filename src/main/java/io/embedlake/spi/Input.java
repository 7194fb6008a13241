package io.embedlake.spi;

import java.util.Objects;

/** What is embedded: a text or an image. Immutable. */
public sealed interface Input {
    /** Which of the two. */
    InputKind kind();

    /** How much memory it takes, roughly: UTF-16 units of a text, bytes of an image's file. */
    long size();

    /**
     * The text that it is.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is an image
     */
    String text();

    /**
     * The content of the image file that it is, which may be read only now; the array is not modified.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is a text, or the file cannot be read; {@link ErrorKind#TRANSIENT} when
     *     it may be read another time
     */
    byte[] image();

    /** A text. */
    static Input of(String text) {
        return new Text(text);
    }

    /** An image whose file is in memory. */
    static Input of(byte[] image) {
        return new LoadedImage(image);
    }

    /** A text. Never prints itself. */
    record Text(String text) implements Input {
        public Text {
            Objects.requireNonNull(text);
        }

        @Override
        public InputKind kind() {
            return InputKind.TEXT;
        }

        @Override
        public long size() {
            return text.length();
        }

        @Override
        public byte[] image() {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "it is a text, and the model takes images");
        }

        @Override
        public String toString() {
            return "a text of " + text.length() + " characters";
        }
    }

    /** An image, wherever its file is. */
    non-sealed interface Image extends Input {
        @Override
        default InputKind kind() {
            return InputKind.IMAGE;
        }

        @Override
        default String text() {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "it is an image, and the model takes texts");
        }
    }

    /** An image whose file is in memory. Never prints itself; equal to itself alone. */
    final class LoadedImage implements Image {
        private final byte[] content;

        private LoadedImage(byte[] content) {
            this.content = Objects.requireNonNull(content);
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public byte[] image() {
            return content;
        }

        @Override
        public String toString() {
            return "an image of " + content.length + " bytes";
        }
    }
}
