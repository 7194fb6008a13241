package io.embedlake.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An attribute of a row: one column, or a template such as <code>{title}\n\n{body}</code> that joins several. Immutable.
 *
 * <p>A text without braces is the name of a column. In a template a field is in braces, and a doubled brace is a brace.
 * A row's attribute is null when all of its fields are null or blank, whatever literal text is between them.
 *
 * @param source the attribute as the job file has it
 * @param parts the literal texts and fields, in order
 */
public record AttributeTemplate(String source, List<Part> parts) {

    /**
     * A stretch of a template.
     *
     * @param field whether {@code text} names a column, rather than standing for itself
     * @param text the literal text or the name of the column
     */
    public record Part(boolean field, String text) {}

    public AttributeTemplate {
        parts = List.copyOf(parts);
    }

    /**
     * Reads an attribute.
     *
     * @throws IllegalArgumentException when a brace is not closed, not opened or holds no name, or no field is named; the
     *     message names it
     */
    public static AttributeTemplate parse(String source) {
        if (source.indexOf('{') < 0 && source.indexOf('}') < 0) {
            if (source.isBlank()) {
                throw new IllegalArgumentException("names no column");
            }
            return new AttributeTemplate(source, List.of(new Part(true, source.strip())));
        }
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int at = 0; at < source.length(); at++) {
            char character = source.charAt(at);
            boolean doubled = at + 1 < source.length() && source.charAt(at + 1) == character;
            if ((character == '{' || character == '}') && doubled) {
                literal.append(character);
                at++;
            } else if (character == '}') {
                throw new IllegalArgumentException("closes a brace at character " + (at + 1) + " that none opened");
            } else if (character == '{') {
                int end = source.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException(
                            "opens a brace at character " + (at + 1) + " and never closes it");
                }
                String field = source.substring(at + 1, end).strip();
                if (field.isEmpty() || field.indexOf('{') >= 0) {
                    throw new IllegalArgumentException("names no column in the braces at character " + (at + 1));
                }
                if (!literal.isEmpty()) {
                    parts.add(new Part(false, literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Part(true, field));
                at = end;
            } else {
                literal.append(character);
            }
        }
        if (!literal.isEmpty()) {
            parts.add(new Part(false, literal.toString()));
        }
        if (parts.stream().noneMatch(Part::field)) {
            throw new IllegalArgumentException("has no field in braces");
        }
        return new AttributeTemplate(source, parts);
    }

    /** The columns that the attribute reads, each once, in order of appearance. */
    public List<String> fields() {
        return parts.stream().filter(Part::field).map(Part::text).distinct().collect(Collectors.toList());
    }

    /** Whether the attribute is a plain column. */
    public boolean isColumn() {
        return parts.size() == 1 && parts.get(0).field();
    }

    @Override
    public String toString() {
        return source;
    }
}
