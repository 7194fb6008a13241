package io.embedlake.remote.format.json;

/**
 * Writes texts as JSON strings in UTF-8, and tells their size without writing. Half a surrogate pair, which has no UTF-8, becomes
 * U+FFFD. Stateless.
 */
public final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private JsonText() {}

    /** The bytes of a text as a JSON string, with its quotation marks. */
    public static long bytes(String text) {
        long bytes = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += c >= ' ' ? (c == '"' || c == '\\' ? 2 : 1) : shortEscape(c) != 0 ? 2 : 6;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (startsPair(text, i)) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }

    /** Writes a text as a JSON string at this place; returns the place behind it. */
    static int write(String text, byte[] target, int at) {
        int to = at;
        target[to++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                to = ascii(c, target, to);
            } else if (c < 0x800) {
                target[to++] = (byte) (0xC0 | c >> 6);
                target[to++] = (byte) (0x80 | c & 0x3F);
            } else if (startsPair(text, i)) {
                to = pair(text.codePointAt(i++), target, to);
            } else {
                char valid = Character.isSurrogate(c) ? REPLACEMENT : c;
                target[to++] = (byte) (0xE0 | valid >> 12);
                target[to++] = (byte) (0x80 | valid >> 6 & 0x3F);
                target[to++] = (byte) (0x80 | valid & 0x3F);
            }
        }
        target[to++] = '"';
        return to;
    }

    private static int ascii(char c, byte[] target, int at) {
        int to = at;
        if (c >= ' ') {
            if (c == '"' || c == '\\') {
                target[to++] = '\\';
            }
            target[to++] = (byte) c;
            return to;
        }
        target[to++] = '\\';
        char letter = shortEscape(c);
        if (letter != 0) {
            target[to++] = (byte) letter;
            return to;
        }
        target[to++] = 'u';
        target[to++] = '0';
        target[to++] = '0';
        target[to++] = HEX[c >> 4];
        target[to++] = HEX[c & 0xF];
        return to;
    }

    private static int pair(int codePoint, byte[] target, int at) {
        target[at] = (byte) (0xF0 | codePoint >> 18);
        target[at + 1] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        target[at + 2] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        target[at + 3] = (byte) (0x80 | codePoint & 0x3F);
        return at + 4;
    }

    private static boolean startsPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }

    /** The letter behind the backslash of a control character, 0 where it has none. */
    private static char shortEscape(char c) {
        return switch (c) {
            case '\b' -> 'b';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\f' -> 'f';
            case '\r' -> 'r';
            default -> 0;
        };
    }
}
