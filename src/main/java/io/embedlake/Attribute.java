package io.embedlake;

import java.util.Objects;

/** What is embedded: a column, or a template that joins columns. Immutable. */
public final class Attribute {
    private final String source;

    private Attribute(String source) {
        this.source = Objects.requireNonNull(source);
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

    @Override
    public boolean equals(Object other) {
        return other instanceof Attribute that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    /** The column or template, verbatim. */
    @Override
    public String toString() {
        return source;
    }
}
