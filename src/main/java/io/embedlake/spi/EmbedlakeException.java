package io.embedlake.spi;

import io.embedlake.annotation.Stable;
import java.util.Objects;

/**
 * The one exception of the project. Its message is a sentence for the user:
 * {@code Cannot <do what>: <offending value> (<rule>)}, then what to change. It never holds a secret or a user's text.
 */
@Stable
public final class EmbedlakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    public EmbedlakeException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    public EmbedlakeException(ErrorKind kind, String message, Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.kind = Objects.requireNonNull(kind);
    }

    /** What this error does to the job. */
    public ErrorKind kind() {
        return kind;
    }
}
