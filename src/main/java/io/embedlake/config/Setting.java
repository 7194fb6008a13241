package io.embedlake.config;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import io.embedlake.spi.TextFiles;
import java.util.Map;
import java.util.Objects;

/** The value of a setting, or where to find it. Immutable; never prints a secret. */
public sealed interface Setting permits Setting.Literal, Setting.Secret {

    /**
     * The value.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is a reference that leads nowhere
     */
    String resolve(Map<String, String> environment, TextFiles files);

    /**
     * A value in the job file.
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

    /**
     * A value that is kept elsewhere.
     *
     * @param reference where
     */
    record Secret(SecretReference reference) implements Setting {
        @Override
        public String resolve(Map<String, String> environment, TextFiles files) {
            return reference.resolve(environment, files);
        }

        @Override
        public String toString() {
            return reference.toString();
        }
    }
}
