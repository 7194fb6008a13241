package io.embedlake.local.hub;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the hub's token comes from. It is read before each request, never printed, and sent to the endpoint only. Implementations are
 * thread-safe and do not show the token in {@code toString}.
 */
@FunctionalInterface
public interface HubToken {
    /**
     * The token, if there is one.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it cannot be read
     */
    Optional<String> read();

    /** No token: only public models. */
    static HubToken none() {
        return Optional::empty;
    }

    /** This text, without the line ends and blanks around it; nothing but those counts as no token. */
    static HubToken of(String text) {
        Optional<String> token = clean(text);
        return () -> token;
    }

    /** The content of a file; one that is not there counts as no token. */
    static HubToken in(Path file) {
        return () -> {
            try {
                return clean(Files.readString(file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot read the token of the hub: " + file + " ("
                                + e.getClass().getSimpleName()
                                + "). Make it a text file that can be read, or set HF_TOKEN.",
                        e);
            }
        };
    }

    private static Optional<String> clean(String text) {
        return Optional.of(text.replaceAll("[\\r\\n]", "").strip()).filter(token -> !token.isEmpty());
    }
}
