package io.embedlake.embed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a secret without holding it: {@code env:NAME} or {@code file:/absolute/path}. Immutable; prints as it was written.
 *
 * @param store where the secret is kept
 * @param name its name there
 */
public record SecretReference(Store store, String name) {
    private static final Pattern REFERENCE = Pattern.compile("(env):([A-Za-z_][A-Za-z0-9_]*)|(file):(/[^/].*)");

    /** Where secrets are kept. Immutable. */
    public enum Store {
        /** A variable of the environment. */
        ENVIRONMENT("env:"),
        /** A file of its own; one line end after the secret does not belong to it. */
        FILE("file:");

        private final String prefix;

        Store(String prefix) {
            this.prefix = prefix;
        }
    }

    public SecretReference {
        if (!REFERENCE.matcher(store.prefix + name).matches()) {
            throw new IllegalArgumentException("no name of a variable and no absolute path follows " + store.prefix);
        }
    }

    /** Whether a text means to be a reference. {@code file://} starts a URI, which is an ordinary value. */
    public static boolean looksLike(String text) {
        return text.startsWith(Store.ENVIRONMENT.prefix)
                || text.startsWith(Store.FILE.prefix) && !text.startsWith("file://");
    }

    /**
     * Reads a reference.
     *
     * @throws IllegalArgumentException when it is none; the message does not repeat the text, which may be a secret by mistake
     */
    public static SecretReference parse(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a reference to a secret (env:NAME or file:/absolute/path)");
        }
        return matcher.group(1) != null
                ? new SecretReference(Store.ENVIRONMENT, matcher.group(2))
                : new SecretReference(Store.FILE, matcher.group(4));
    }

    /**
     * The secret.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the reference leads nowhere
     */
    public String resolve(Map<String, String> environment, TextFiles files) {
        return store == Store.ENVIRONMENT ? variable(environment) : file(files);
    }

    private String variable(Map<String, String> environment) {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw unresolved("a variable that is set and not empty", "Set it, or name another secret.", null);
        }
        return value;
    }

    private String file(TextFiles files) {
        String value;
        try {
            value = files.read(Path.of(name)).replaceFirst("\\r?\\n\\z", "");
        } catch (IOException | IllegalArgumentException e) {
            throw unresolved(
                    "a readable file; " + e.getClass().getSimpleName(), "Create it, or name another secret.", e);
        }
        if (value.isEmpty()) {
            throw unresolved("a file that is not empty", "Write the secret into it, or name another.", null);
        }
        return value;
    }

    private EmbedlakeException unresolved(String rule, String remedy, Exception cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot resolve a secret: " + this + " (" + rule + "). " + remedy, cause);
    }

    @Override
    public String toString() {
        return store.prefix + name;
    }
}
