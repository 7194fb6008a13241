package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import io.embedlake.spi.TextFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {
    private static final TextFiles NO_FILES = path -> {
        throw new NoSuchFileException(path.toString());
    };

    private static String refusal(Setting setting, Map<String, String> environment, TextFiles files) {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> setting.resolve(environment, files));
        assertEquals(ErrorKind.CONFIGURATION, refusal.kind());
        return refusal.getMessage();
    }

    @Test
    void takesASecretFromTheEnvironment() {
        Setting secret = new Setting.Secret(SecretReference.parse("env:TOKEN"));
        assertEquals("s3cr3t", secret.resolve(Map.of("TOKEN", "s3cr3t"), NO_FILES));
        assertEquals("env:TOKEN", secret.toString());
    }

    @Test
    void takesASecretFromAFileWithoutItsLineEnd() {
        Setting secret = new Setting.Secret(SecretReference.parse("file:/run/secrets/token"));
        TextFiles files = path -> {
            assertEquals(Path.of("/run/secrets/token"), path);
            return " s3cr3t\n\r\n";
        };
        assertEquals(" s3cr3t\n", secret.resolve(Map.of(), files));
        assertEquals("file:/run/secrets/token", secret.toString());
    }

    @Test
    void namesTheReferenceThatLeadsNowhere() {
        String unset = "Cannot resolve a secret: env:TOKEN (a variable that is set and not empty)."
                + " Set it, or name another secret.";
        assertEquals(unset, refusal(new Setting.Secret(SecretReference.parse("env:TOKEN")), Map.of(), NO_FILES));
        assertEquals(
                unset, refusal(new Setting.Secret(SecretReference.parse("env:TOKEN")), Map.of("TOKEN", ""), NO_FILES));
        assertEquals(
                "Cannot resolve a secret: file:/no (a readable file; NoSuchFileException)."
                        + " Create it, or name another secret.",
                refusal(new Setting.Secret(SecretReference.parse("file:/no")), Map.of(), NO_FILES));
        assertEquals(
                "Cannot resolve a secret: file:/empty (a file that is not empty)."
                        + " Write the secret into it, or name another.",
                refusal(new Setting.Secret(SecretReference.parse("file:/empty")), Map.of(), path -> "\n"));
    }

    @Test
    void wrapsWhateverReadingThrows() {
        assertTrue(refusal(new Setting.Secret(SecretReference.parse("file:/x")), Map.of(), path -> {
                    throw new IOException("content of the file");
                })
                .endsWith("(a readable file; IOException). Create it, or name another secret."));
    }

    @Test
    void uriOfAFileIsNoReference() {
        assertFalse(SecretReference.looksLike("file:///tmp/events"));
        assertTrue(SecretReference.looksLike("file:/tmp/events"));
        assertTrue(SecretReference.looksLike("env:X"));
        assertFalse(SecretReference.looksLike("environment"));
    }

    @Test
    void literalPrintsWhatMayBeShown() {
        Setting literal = new Setting.Literal("value", "shown");
        assertEquals("shown", literal.toString());
        assertEquals("value", literal.resolve(Map.of(), NO_FILES));
    }
}
