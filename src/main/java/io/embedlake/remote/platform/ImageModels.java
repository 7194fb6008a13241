package io.embedlake.remote.platform;

import io.embedlake.remote.image.ImageRules;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Models of an API that take images and texts and have one space for both. Immutable.
 *
 * @param isOne tells them by their names
 * @param words names them in messages
 * @param wire the call that sends images: in its body an image stands where a text does in others
 * @param rules which files are sent, and how
 */
public record ImageModels(Predicate<String> isOne, String words, Wire wire, ImageRules rules) {
    public ImageModels {
        Objects.requireNonNull(isOne);
        Objects.requireNonNull(words);
        wire.ofImages();
        Objects.requireNonNull(rules);
    }
}
