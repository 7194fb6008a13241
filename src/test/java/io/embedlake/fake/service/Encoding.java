package io.embedlake.fake.service;

/**
 * How vectors are written. Immutable.
 *
 * @param type of their values
 * @param form of their list
 */
public record Encoding(Type type, Form form) {
    /** Numbers of 32 bits, as a list. */
    public static final Encoding FLOATS = new Encoding(Type.FLOAT, Form.NUMBERS);
    /** Numbers of 32 bits, as base64. */
    public static final Encoding BASE64 = new Encoding(Type.FLOAT, Form.BASE64);

    /** What a value becomes. */
    public enum Type {
        FLOAT,
        INT8,
        UINT8,
        /** Eight signs in a signed byte. */
        BINARY,
        /** Eight signs in a byte. */
        UBINARY
    }

    /** How values follow each other. */
    public enum Form {
        NUMBERS,
        BASE64
    }

    Encoding other() {
        return new Encoding(type, form == Form.NUMBERS ? Form.BASE64 : Form.NUMBERS);
    }
}
