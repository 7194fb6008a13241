package io.embedlake.spi;

import java.util.List;
import java.util.Optional;

/**
 * An option that a platform brings along: the job file has a key of this name in each of its embeddings, checked and documented
 * by what is declared here. Platforms that share an option declare the same one. Immutable.
 *
 * @param name the key's name, in lower case with dashes
 * @param type what its value may be
 * @param absence what happens without it, in words
 * @param doc what it means, in sentences
 * @param example a value as YAML writes it
 */
public record PlatformOption(String name, Type type, String absence, String doc, String example) {

    /** What the value of an option may be. Immutable. */
    public sealed interface Type {
        /**
         * A text that is not blank.
         *
         * @param what what the text is, with its article
         * @param rule which texts are allowed, in words; empty when all are
         * @param pattern the regular expression that the whole text must match, if there is one
         */
        record Text(String what, String rule, Optional<String> pattern) implements Type {}

        /** A whole number; both ends are included. */
        record Whole(int min, int max) implements Type {}

        /** True or false. */
        record Flag() implements Type {}

        /** One of these texts. */
        record Choice(List<String> values) implements Type {
            public Choice {
                values = List.copyOf(values);
            }
        }

        /** A reference to a secret, never a secret. */
        record Secret() implements Type {}
    }

    /** An option that is any text. */
    public static PlatformOption text(String name, String what, String absence, String doc, String example) {
        return new PlatformOption(name, new Type.Text(what, "", Optional.empty()), absence, doc, example);
    }

    /** An option that is a text of a certain form. */
    public static PlatformOption text(
            String name, String rule, String pattern, String absence, String doc, String example) {
        return new PlatformOption(name, new Type.Text("a name", rule, Optional.of(pattern)), absence, doc, example);
    }

    /** An option that is a whole number. */
    public static PlatformOption whole(String name, int min, int max, String absence, String doc, String example) {
        return new PlatformOption(name, new Type.Whole(min, max), absence, doc, example);
    }

    /** An option that is one of a few words. */
    public static PlatformOption choice(String name, List<String> values, String absence, String doc, String example) {
        return new PlatformOption(name, new Type.Choice(values), absence, doc, example);
    }

    /** An option that refers to a secret. */
    public static PlatformOption secret(String name, String absence, String doc, String example) {
        return new PlatformOption(name, new Type.Secret(), absence, doc, example);
    }
}
