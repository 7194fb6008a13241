package io.embedlake.remote.platform;

import io.embedlake.remote.format.common.Options;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a job asks of a provider, by the names of its keys. Immutable; holds references to secrets, never secrets.
 *
 * @param model the model's name
 * @param values the other keys that are set
 */
public record ApiOptions(String model, Map<String, String> values) {
    /** The model among the settings of a spec: no file, so it does not have the name of those. */
    static final String MODEL = "provider-model";

    private static final String HEADERS = "headers.";
    static final String LONG_TEXT = "long-text";

    public ApiOptions {
        Options.requireName("model", model);
        values = Map.copyOf(values);
    }

    /** What a job asks for. */
    static ApiOptions of(String platform, EmbedderRequest request) {
        String model = request.model()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the platform " + platform + ": the key model is missing (a provider has many)."
                                + " Set model."));
        return new ApiOptions(model, request.options());
    }

    /** What a spec was made of. */
    static ApiOptions of(EmbedderSpec spec) {
        return new ApiOptions(spec.setting(MODEL), spec.settings());
    }

    /** A key's value, if it is set. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** The value of a key that must be set. */
    public String required(String key, String example) {
        return text(key)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + model + ": the key " + key + " is missing (such as " + example
                                + "). Set " + key + "."));
    }

    /** The address of a key, if set; a malformed one may be a secret by mistake and is not repeated. */
    public Optional<URI> address(String key) {
        return text(key).map(value -> {
            try {
                return new URI(value.strip());
            } catch (URISyntaxException e) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + model + ": " + key
                                + " is no address (such as https://host/path). Change " + key + ".",
                        e);
            }
        });
    }

    /** A number, if it is set. */
    public OptionalInt number(String key) {
        return text(key)
                .map(value -> {
                    Options.require(key, value, value.matches("[0-9]{1,9}"), "a whole number");
                    return OptionalInt.of(Integer.parseInt(value));
                })
                .orElseGet(OptionalInt::empty);
    }

    /** A time in whole seconds, if it is set. */
    Optional<Duration> seconds(String key) {
        return number(key).stream().mapToObj(Duration::ofSeconds).findFirst();
    }

    /** A large number, if it is set. */
    OptionalLong large(String key) {
        return text(key).map(value -> OptionalLong.of(Long.parseLong(value))).orElseGet(OptionalLong::empty);
    }

    /** The requested length of vectors, if any. */
    public OptionalInt dimensions() {
        return number("dimensions");
    }

    /** What is embedded: texts where the job does not say. */
    public InputKind inputs() {
        String kind = text(InputKind.KEY).orElse(InputKind.TEXT.toString());
        boolean isImage = kind.equals(InputKind.IMAGE.toString());
        Options.require(InputKind.KEY, kind, isImage || kind.equals(InputKind.TEXT.toString()), "text or image");
        return isImage ? InputKind.IMAGE : InputKind.TEXT;
    }

    /** What the texts are, if set. */
    public Optional<InputType> inputType() {
        return text(InputType.OPTION.name()).map(ApiOptions::inputType);
    }

    static InputType inputType(String name) {
        return InputType.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Whether the provider is to cut long texts, if set. */
    Optional<Boolean> truncate() {
        return text(LONG_TEXT).map(rule -> {
            Options.require(LONG_TEXT, rule, rule.equals("truncate") || rule.equals("error"), "truncate or error");
            return rule.equals("truncate");
        });
    }

    /** The headers of every call, beside the API's own. */
    Map<String, String> headers() {
        return values.entrySet().stream()
                .filter(option -> option.getKey().startsWith(HEADERS))
                .collect(Collectors.toUnmodifiableMap(
                        option -> option.getKey().substring(HEADERS.length()), Map.Entry::getValue));
    }

    /** Whether vectors are to be brought to length 1. */
    boolean isUnit() {
        return text("normalize").equals(Optional.of("true"));
    }

    /** These, with a value for a key that is not set. */
    ApiOptions usually(String key, String value) {
        Map<String, String> all = new HashMap<>(values);
        all.putIfAbsent(key, value);
        return new ApiOptions(model, all);
    }
}
