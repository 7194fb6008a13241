package io.embedlake.remote.platform.stream;

import java.nio.charset.StandardCharsets;

/** From bytes of a text's UTF-8 to its code points; a byte in the midst of a character belongs to all of it. Immutable. */
final class Utf8Places {
    private static final int KIND = 0xC0;
    private static final int FOLLOWING = 0x80;

    private final byte[] bytes;
    private final int[] begun;

    Utf8Places(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
        begun = new int[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            begun[i + 1] = begun[i] + (isFollowing(i) ? 0 : 1);
        }
    }

    int bytes() {
        return bytes.length;
    }

    /** The code point that a byte belongs to. */
    int containing(int place) {
        return isFollowing(place) ? begun[place] - 1 : begun[place];
    }

    /** How many code points have begun before a byte. */
    int upTo(int place) {
        return begun[place];
    }

    private boolean isFollowing(int place) {
        return place < bytes.length && (bytes[place] & KIND) == FOLLOWING;
    }
}
