package io.embedlake.spi;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a job asks of a platform, before the platform has looked at its model. Immutable.
 *
 * @param model the model as the job names it, if it does
 * @param options the other keys that the job sets for the platform, by key; already of the right type and range
 */
public record EmbedderRequest(Optional<String> model, Map<String, String> options) {
    public EmbedderRequest {
        options = Map.copyOf(options);
    }

    /** The option of this key, if the job sets it. */
    public Optional<String> option(String key) {
        return Optional.ofNullable(options.get(key));
    }

    /** The whole-number option of this key, if the job sets it. */
    public OptionalInt number(String key) {
        return option(key).map(value -> OptionalInt.of(Integer.parseInt(value))).orElseGet(OptionalInt::empty);
    }
}
