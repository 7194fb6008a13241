package io.embedlake.spi;

import io.embedlake.annotation.Stable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names a secret without holding it: {@code env:NAME}, {@code file:/absolute/path}, {@code databricks:scope/key} or
 * {@code hadoop:alias}. Immutable; prints in the same form.
 *
 * @param store where the secret is kept
 * @param name its name there
 */
@Stable
public record SecretReference(Store store, String name) {
    /** The forms of a reference, for error messages. */
    public static final String FORMS = "env:NAME, file:/absolute/path, databricks:scope/key or hadoop:alias";

    /** Where secrets are kept. Immutable. */
    public enum Store {
        /** A variable of the environment. */
        ENVIRONMENT("env:", "[A-Za-z_][A-Za-z0-9_]*"),
        /** Its own file; one line end after the secret does not belong to it. */
        FILE("file:", "/[^/].*"),
        /** A secret scope of Databricks. */
        DATABRICKS("databricks:", "[\\w.@-]{1,128}/[\\w.@-]{1,128}"),
        /** A credential provider of Hadoop, such as a key store. */
        HADOOP("hadoop:", "[^\\s:/]{1,200}");

        private final String prefix;
        private final Pattern names;

        Store(String prefix, String names) {
            this.prefix = prefix;
            this.names = Pattern.compile(names);
        }

        /** Whether asking it costs next to nothing, so that its secrets can be looked up for each call. */
        public boolean isCheap() {
            return this == ENVIRONMENT || this == FILE;
        }

        private boolean hasNames(String name) {
            return names.matcher(name).matches();
        }
    }

    public SecretReference {
        if (!store.hasNames(name)) {
            throw new IllegalArgumentException("what follows " + store.prefix + " is no name of a secret there");
        }
    }

    /** A regular expression that matches every reference and nothing else. */
    public static String pattern() {
        return Arrays.stream(Store.values())
                .map(store -> store.prefix + store.names)
                .collect(Collectors.joining("|", "^(", ")$"));
    }

    /** Whether a text means to be a reference. {@code file://} starts a URI, which is an ordinary value. */
    public static boolean looksLike(String text) {
        return Arrays.stream(Store.values()).anyMatch(store -> text.startsWith(store.prefix))
                && !text.startsWith("file://");
    }

    /**
     * Reads a reference.
     *
     * @throws IllegalArgumentException when it is none; the message does not repeat the text, which may be a secret by mistake
     */
    public static SecretReference parse(String text) {
        for (Store store : Store.values()) {
            if (text.startsWith(store.prefix) && store.hasNames(text.substring(store.prefix.length()))) {
                return new SecretReference(store, text.substring(store.prefix.length()));
            }
        }
        throw new IllegalArgumentException("is not a reference to a secret (" + FORMS + ")");
    }

    /**
     * The secret.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the reference leads nowhere
     */
    public String resolve(Map<String, String> environment, TextFiles files) {
        return switch (store) {
            case ENVIRONMENT -> variable(environment);
            case FILE -> file(files);
            case DATABRICKS, HADOOP -> kept();
        };
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

    private String kept() {
        try {
            for (SecretStore kept : ServiceLoader.load(SecretStore.class, SecretStore.class.getClassLoader())) {
                if (store.prefix.equals(kept.prefix() + ":")) {
                    return kept.secret(name);
                }
            }
        } catch (SecretStore.Unavailable e) {
            throw unresolved(e.getMessage(), e.remedy(), e);
        }
        throw unresolved("a store that this program knows", "Name another secret.", null);
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
