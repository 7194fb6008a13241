package io.embedlake.remote.platform;

import io.embedlake.remote.format.common.Options;
import io.embedlake.spi.PlatformOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An option of an API: the key of the job, the value that replaces <code>"{key}"</code> in the template of a {@link Wire}, and its name in
 * the fingerprint. Immutable.
 *
 * @param key of the job
 * @param fingerprintName its name in the fingerprint; empty if it changes no vector
 * @param usual the value where the job has none; empty for no value
 * @param declared the keys that a platform declares because of it; none for a key that several kinds of platforms share
 * @param value what is sent: a text, a number or a boolean
 */
public record Parameter(
        String key,
        String fingerprintName,
        String usual,
        List<PlatformOption> declared,
        Function<ApiOptions, Optional<Object>> value) {
    private static Parameter shared(String key, Function<ApiOptions, Optional<Object>> value) {
        return new Parameter(key, key, "", List.of(), value);
    }

    /** A whole number from 1 on. */
    public static Parameter number(String key) {
        return shared(key, options -> options.number(key).stream()
                .peek(number -> Options.require(key, number, number > 0, "1 or more"))
                .<Object>mapToObj(Integer::valueOf)
                .findFirst());
    }

    /** A line of text. */
    public static Parameter text(String key) {
        return shared(key, options -> options.text(key).map(text -> {
            Options.requireName(key, text);
            return text;
        }));
    }

    /** A text that the platform declares; it changes no vector. */
    public static Parameter of(PlatformOption option) {
        return new Parameter(option.name(), "", "", List.of(option), options -> options.text(option.name())
                .map(text -> checked(option, text)));
    }

    /** The same for an option that a job must set. */
    public static Parameter required(PlatformOption option) {
        return new Parameter(
                option.name(),
                "",
                "",
                List.of(option),
                options -> Optional.of(checked(option, options.required(option.name(), option.example()))));
    }

    private static String checked(PlatformOption option, String text) {
        Options.requireName(option.name(), text);
        if (option.type() instanceof PlatformOption.Type.Text type) {
            type.pattern().ifPresent(form -> Options.require(option.name(), text, text.matches(form), type.rule()));
        }
        return text;
    }

    /** The model, for an API that does not serve every name. */
    public static Parameter model(Predicate<String> fits, String rule) {
        return new Parameter("model", "", "", List.of(), options -> {
            Options.require("model", options.model(), fits.test(options.model()), rule);
            return Optional.of(options.model());
        });
    }

    /** A switch. */
    public static Parameter flag(String key) {
        return shared(key, options -> options.text(key).map("true"::equals));
    }

    /** The length of vectors. */
    public static Parameter dimensions() {
        return number("dimensions");
    }

    /** The length of vectors, one of these. */
    public static Parameter dimensions(Integer... lengths) {
        List<Integer> known = List.of(lengths);
        String all = known.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return shared("dimensions", options -> options.dimensions().stream()
                        .<Object>mapToObj(Integer::valueOf)
                        .findFirst())
                .only(known::contains, all.replaceFirst(", (\\d+)$", " or $1"));
    }

    /**
     * Whether long texts are cut by the server, or refused.
     *
     * @param cut what is sent to cut them
     * @param whole what is sent to refuse them
     */
    public static Parameter longText(Object cut, Object whole) {
        return shared(ApiOptions.LONG_TEXT, options -> options.truncate().map(isCut -> isCut ? cut : whole));
    }

    /** The server refuses long texts; a job that wants them cut is refused. */
    public static Parameter wholeTexts() {
        return longText(true, false)
                .only(Boolean.FALSE::equals, "this provider refuses long texts; so it must be error")
                .notInFingerprint();
    }

    /** What the texts are: the words of the API by input type; a type without a word is refused. */
    public static Parameter inputType(Map<InputType, ?> words) {
        Map<InputType, Object> sorted = new EnumMap<>(words);
        String key = InputType.OPTION.name();
        return new Parameter(
                key, key, "", List.of(InputType.OPTION, InputType.QUERY_OPTION), options -> options.inputType()
                        .map(type -> {
                            Options.require(
                                    key, type, sorted.containsKey(type), "the provider knows " + sorted.keySet());
                            return sorted.get(type);
                        }));
    }

    /** With another name in the fingerprint. */
    public Parameter inFingerprint(String name) {
        return new Parameter(key, name, usual, declared, value);
    }

    /** Outside the fingerprint, as it changes no vector. */
    public Parameter notInFingerprint() {
        return inFingerprint("");
    }

    /** With this value where the job has none. */
    public Parameter usually(String text) {
        return new Parameter(key, fingerprintName, text, declared, value);
    }

    /** Neither sent nor in the fingerprint where it is this value, the default of the server. */
    public Parameter except(Object byDefault) {
        return with(options -> value.apply(options).filter(sent -> !sent.equals(byDefault)));
    }

    /**
     * Refused for other values.
     *
     * @param rule for the message, in words
     */
    public Parameter only(Predicate<Object> fits, String rule) {
        return with(options -> {
            Optional<Object> sent = value.apply(options);
            sent.ifPresent(it -> Options.require(key, options.text(key).orElse(usual), fits.test(it), rule));
            return sent;
        });
    }

    /**
     * Refused for some models.
     *
     * @param lacks whether a model does not have the option, by its name
     * @param rule for the message, in words, with {@code %s} for the model
     */
    public Parameter unless(Predicate<String> lacks, String rule) {
        return with(options -> {
            Options.require(
                    key,
                    options.text(key).orElse(""),
                    options.text(key).isEmpty() || !lacks.test(options.model()),
                    rule.formatted(options.model()));
            return value.apply(options);
        });
    }

    private Parameter with(Function<ApiOptions, Optional<Object>> other) {
        return new Parameter(key, fingerprintName, usual, declared, other);
    }

    /** The value for the options of a job. */
    Optional<Object> sent(ApiOptions options) {
        return value.apply(complete(options));
    }

    /** The options of a job, with the usual value where it has none. */
    ApiOptions complete(ApiOptions options) {
        return usual.isEmpty() ? options : options.usually(key, usual);
    }

    /** Its key, if it is shared. */
    Stream<String> sharedKey() {
        return declared.isEmpty() ? Stream.of(key) : Stream.empty();
    }
}
