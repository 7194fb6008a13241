package io.embedlake.provider.batch;

import java.util.Objects;

/**
 * A text under the name that its answer comes back with. Immutable; prints no text.
 *
 * @param id 1 to 64 letters, digits, dots, dashes and underscores, such as a hash of the text; another one for each text of a run
 * @param text not blank
 */
public record BatchText(String id, String text) {
    public BatchText {
        Objects.requireNonNull(text);
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("an id has 1 to 64 letters, digits, dots, dashes and underscores");
        }
    }

    /** What of it may stand in a log. */
    @Override
    public String toString() {
        return id + " (" + text.length() + " characters)";
    }
}
