package io.embedlake.config;

import io.embedlake.spi.PlatformOption;
import io.embedlake.spi.SecretReference;
import io.embedlake.text.AttributeTemplate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the value of a key may be. Immutable.
 *
 * @param <T> the value in Java
 */
sealed interface KeyType<T> permits KeyType.Single, KeyType.Texts, KeyType.Secret, SparkSettings, HttpHeaders {
    /** What a value is, with its article: "a whole number". */
    String expected();

    /** Which values are allowed, such as "1 to 4096"; empty when all are. */
    String rule();

    /** The value; what is none becomes a problem. */
    Optional<T> read(Tree tree, String path, Reading reading);

    /** The type of a key that is an option of a platform. */
    static KeyType<?> of(PlatformOption.Type type) {
        if (type instanceof PlatformOption.Type.Text text) {
            return text.pattern()
                    .map(pattern -> Text.matching(text.what(), text.rule(), pattern))
                    .orElseGet(() -> Text.any(text.what()));
        } else if (type instanceof PlatformOption.Type.Whole whole) {
            return new Whole(whole.min(), whole.max());
        } else if (type instanceof PlatformOption.Type.Choice choice) {
            return new Choice<>(choice.values());
        }
        return type instanceof PlatformOption.Type.Flag ? new Flag() : new Secret();
    }

    /** The type's description for users. */
    default String summary() {
        return Stream.of(expected().replaceFirst("^an? ", ""), rule())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(": "));
    }

    /** Whether the text on a command line is the value, with no YAML in it. */
    default boolean isVerbatim() {
        return false;
    }

    /** A scalar, quoted or not. */
    sealed interface Single<T> extends KeyType<T> permits Text, Whole, WholeOrAuto, WholeOrWord, Number, Flag, Choice {
        /**
         * Reads the text.
         *
         * @throws IllegalArgumentException when it is no such value; the message is to be read after the text
         */
        T parse(String text);

        @Override
        default Optional<T> read(Tree tree, String path, Reading reading) {
            return reading.text(tree, path, expected()).flatMap(text -> {
                try {
                    return Optional.of(parse(text.value()));
                } catch (IllegalArgumentException e) {
                    reading.refuseValue(tree, path, text.written(), e.getMessage());
                    return Optional.empty();
                }
            });
        }
    }

    /**
     * A text.
     *
     * @param pattern the pattern that it must match, if there is one
     * @param parser parses the text, or describes what is wrong with it
     */
    record Text<T>(String expected, String rule, Optional<String> pattern, Function<String, T> parser)
            implements Single<T> {

        /** Any text that is not blank. */
        static Text<String> any(String expected) {
            return new Text<>(expected, "", Optional.empty(), text -> text);
        }

        /** A name of these characters. */
        static Text<String> name(String rule, String pattern) {
            return matching("a name", rule, pattern, "has other characters than allowed");
        }

        /** A text of this form. */
        static Text<String> matching(String what, String rule, String pattern) {
            return matching(what, rule, pattern, "is not " + what);
        }

        private static Text<String> matching(String what, String rule, String pattern, String otherwise) {
            Pattern compiled = Pattern.compile(pattern);
            return new Text<>(what, rule, Optional.of("^(" + pattern + ")$"), text -> {
                if (!compiled.matcher(text).matches()) {
                    throw new IllegalArgumentException(otherwise + " (" + rule + ")");
                }
                return text;
            });
        }

        static Text<TableRef> table() {
            return new Text<>(
                    "a table",
                    "catalog.schema.table or delta.`path`",
                    Optional.of(TableSyntax.PATTERN),
                    TableRef::parse);
        }

        /** The path or URI of a folder. */
        static Text<String> folder() {
            return new Text<>("a path", "a folder, or the URI of one", Optional.empty(), TableSyntax::location);
        }

        static Text<AttributeTemplate> attribute() {
            return new Text<>("a column or template", "", Optional.empty(), AttributeTemplate::parse);
        }

        @Override
        public T parse(String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("is blank (" + expected + " is expected)");
            }
            return parser.apply(text);
        }

        @Override
        public boolean isVerbatim() {
            return true;
        }
    }

    /** A whole number in a range, both ends included. */
    record Whole(int min, int max) implements Single<Integer> {
        private static final Pattern DIGITS = Pattern.compile("-?(0|[1-9][0-9]*)");

        @Override
        public String expected() {
            return "a whole number";
        }

        @Override
        public String rule() {
            return min + " to " + max;
        }

        @Override
        public Integer parse(String text) {
            return parse(text, rule());
        }

        private int parse(String text, String allowed) {
            if (!DIGITS.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        "is not a whole number (digits only, no separators, no leading zeros; " + allowed + ")");
            }
            BigInteger number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
                throw new IllegalArgumentException("is out of range (" + allowed + ")");
            }
            return number.intValueExact();
        }
    }

    /**
     * A whole number in a range, or {@code auto}.
     *
     * @param whole the numbers
     */
    record WholeOrAuto(Whole whole) implements Single<BatchTokens> {
        @Override
        public String expected() {
            return whole.expected();
        }

        @Override
        public String rule() {
            return whole.rule() + ", or " + BatchTokens.AUTO;
        }

        @Override
        public BatchTokens parse(String text) {
            return text.equals(BatchTokens.AUTO.toString())
                    ? BatchTokens.AUTO
                    : new BatchTokens(whole.parse(text, rule()));
        }
    }

    /**
     * A whole number in a range, or a word; verbatim.
     *
     * @param whole the numbers
     * @param word the word
     */
    record WholeOrWord(Whole whole, String word) implements Single<String> {
        @Override
        public String expected() {
            return whole.expected();
        }

        @Override
        public String rule() {
            return whole.rule() + ", or " + word;
        }

        @Override
        public String parse(String text) {
            return text.equals(word) ? word : String.valueOf(whole.parse(text, rule()));
        }
    }

    /** A number in a range, both ends included. */
    record Number(int min, int max) implements Single<Double> {
        private static final Pattern DECIMAL = Pattern.compile("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

        @Override
        public String expected() {
            return "a number";
        }

        @Override
        public String rule() {
            return min + " to " + max;
        }

        @Override
        public Double parse(String text) {
            if (!DECIMAL.matcher(text).matches()) {
                throw new IllegalArgumentException("is not a number (" + rule() + ")");
            }
            double number = Double.parseDouble(text);
            if (!(number >= min && number <= max)) {
                throw new IllegalArgumentException("is out of range (" + rule() + ")");
            }
            return number;
        }
    }

    /** True or false. */
    record Flag() implements Single<Boolean> {
        @Override
        public String expected() {
            return "a flag";
        }

        @Override
        public String rule() {
            return "true or false";
        }

        @Override
        public Boolean parse(String text) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("is not a flag (" + rule() + ")");
            }
            return text.equals("true");
        }
    }

    /** One of a few values, each written as it prints. */
    record Choice<T>(List<T> values) implements Single<T> {
        public Choice {
            values = List.copyOf(values);
        }

        @SafeVarargs
        @SuppressWarnings("varargs") // the list copies the array, which is not shared
        static <T> Choice<T> of(T... values) {
            return new Choice<>(List.of(values));
        }

        /** How the values are written. */
        List<String> texts() {
            return values.stream().map(T::toString).collect(Collectors.toList());
        }

        @Override
        public String expected() {
            return "a choice";
        }

        @Override
        public String rule() {
            return values.size() == 1
                    ? values.get(0) + " is the only one so far"
                    : "one of " + String.join(", ", texts());
        }

        @Override
        public T parse(String text) {
            return values.stream()
                    .filter(value -> value.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("is not a choice (" + rule() + ")"));
        }
    }

    /** Where a secret is kept; what may be a secret by mistake is not repeated. */
    record Secret() implements KeyType<SecretReference> {
        @Override
        public String expected() {
            return "a reference to a secret";
        }

        @Override
        public String rule() {
            return SecretReference.FORMS;
        }

        @Override
        public boolean isVerbatim() {
            return true;
        }

        @Override
        public Optional<SecretReference> read(Tree tree, String path, Reading reading) {
            return reading.scalar(tree, path, expected()).flatMap(scalar -> {
                try {
                    return Optional.of(SecretReference.parse(scalar.text()));
                } catch (IllegalArgumentException e) {
                    reading.refuse(tree.origin(), path, e.getMessage());
                    return Optional.empty();
                }
            });
        }
    }

    /**
     * One text, or a list of different ones.
     *
     * @param one what a text is
     * @param several what texts are
     */
    record Texts(String one, String several) implements KeyType<List<String>> {

        @Override
        public String expected() {
            return "a " + one + " or a list of " + several;
        }

        @Override
        public String rule() {
            return "";
        }

        @Override
        public Optional<List<String>> read(Tree tree, String path, Reading reading) {
            if (!(tree instanceof Tree.Sequence list)) {
                if (tree instanceof Tree.Mapping) {
                    reading.refuseKind(tree, path, expected());
                    return Optional.empty();
                }
                return item().read(tree, path, reading).map(List::of);
            }
            if (list.items().isEmpty()) {
                reading.refuse(tree.origin(), path, "is an empty list (at least one " + one + ")");
                return Optional.empty();
            }
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < list.items().size(); i++) {
                Tree item = list.items().get(i);
                String itemPath = path + "[" + i + "]";
                item().read(item, itemPath, reading).ifPresent(text -> {
                    if (texts.stream().anyMatch(text::equalsIgnoreCase)) {
                        reading.refuseValue(item, itemPath, text, "is named twice (each " + one + " once)");
                    }
                    texts.add(text);
                });
            }
            return texts.size() == list.items().size() ? Optional.of(List.copyOf(texts)) : Optional.empty();
        }

        private Text<String> item() {
            return Text.any("a " + one);
        }
    }
}
