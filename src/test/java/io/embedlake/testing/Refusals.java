package io.embedlake.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import org.junit.jupiter.api.function.Executable;

/** Assertions on the project's exception. Stateless. */
public final class Refusals {
    private Refusals() {}

    /** The call fails with this kind and exactly this message. */
    public static EmbedlakeException assertRefused(ErrorKind kind, String message, Executable call) {
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, call);
        assertEquals(message, failure.getMessage());
        assertEquals(kind, failure.kind());
        return failure;
    }

    /** The call fails with {@link ErrorKind#CONFIGURATION} and one sentence or two that hold each of these parts. */
    public static EmbedlakeException assertMisconfigured(Executable call, String... parts) {
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, call);
        assertEquals(ErrorKind.CONFIGURATION, failure.kind(), failure.getMessage());
        assertTrue(failure.getMessage().startsWith("Cannot "), failure.getMessage());
        assertTrue(failure.getMessage().endsWith("."), failure.getMessage());
        assertTrue(failure.getMessage().indexOf('\n') < 0, failure.getMessage());
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), failure.getMessage());
        }
        return failure;
    }
}
