package io.embedlake.config;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The value of a setting, or where to find it. Immutable; never prints a secret. */
public sealed interface Setting permits Setting.Literal, SecretReference {

    /** Reads a whole text file, as {@code Files::readString} does. Stateless. */
    @FunctionalInterface
    interface TextFiles {
        /** The text of the file. */
        String read(Path file) throws IOException;
    }

    /**
     * The value.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is a reference that leads nowhere
     */
    String resolve(Map<String, String> environment, TextFiles files);

    /**
     * A value that stands in the job file.
     *
     * @param value the value
     * @param shown what may be printed of it
     */
    record Literal(String value, String shown) implements Setting {
        public Literal {
            Objects.requireNonNull(value);
            Objects.requireNonNull(shown);
        }

        @Override
        public String resolve(Map<String, String> environment, TextFiles files) {
            return value;
        }

        @Override
        public String toString() {
            return shown;
        }
    }
}
