package io.embedlake;

/** What is embedded: a column, or a template that joins columns. Immutable. */
public final class Attribute extends Value<String> {
    private Attribute(String source) {
        super(source);
    }

    /**
     * An attribute.
     *
     * @param source the name of a column, or a template such as <code>{title}\n\n{body}</code> with columns in braces; a doubled brace
     *     is a brace
     */
    public static Attribute of(String source) {
        return new Attribute(source);
    }

    /** The column or template, verbatim. */
    @Override
    public String toString() {
        return value();
    }
}
