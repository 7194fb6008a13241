package io.embedlake.remote.http;

import java.util.Objects;

/**
 * An input ready to be sent: a text, or an image as text. Immutable.
 *
 * @param text what stands in the body, never blank
 * @param tokens how many it has, counted or estimated
 * @param truncated whether it was cut
 */
public record PreparedText(String text, int tokens, boolean truncated) {
    public PreparedText {
        Objects.requireNonNull(text);
    }

    /** Without the text itself. */
    @Override
    public String toString() {
        return "a text of " + text.length() + " characters and " + tokens + " tokens";
    }
}
