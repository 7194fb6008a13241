package io.embedlake.remote.image;

import java.util.Objects;

/**
 * An image as a provider is sent it. Immutable.
 *
 * @param text what stands in the body
 * @param tokens what it is charged for, at least 1
 */
public record SentImage(String text, long tokens) {
    public SentImage {
        Objects.requireNonNull(text);
    }

    /** Without the image itself. */
    @Override
    public String toString() {
        return "an image of " + text.length() + " characters and " + tokens + " tokens";
    }
}
