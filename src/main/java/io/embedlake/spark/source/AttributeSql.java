package io.embedlake.spark.source;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.text.AttributeTemplate;
import io.embedlake.text.Texts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * An attribute as SQL expressions over a table's columns. Immutable.
 *
 * <p>A text is null where all fields are null or blank, else it is made valid UTF-8 and otherwise left alone. It is the
 * equivalent of {@link Texts} in Spark's own expressions; a test checks that both agree.
 *
 * @param content the expression for what is embedded: a text, an image's file, or the path of one
 * @param form what that is
 */
public record AttributeSql(String content, Form form) {
    /** What an attribute holds. */
    enum Form {
        TEXT,
        /** The content of an image's file. */
        IMAGE,
        /** The path of an image's file. */
        PATH
    }

    /**
     * The expression of an attribute.
     *
     * @param key how messages name the attribute
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a field is missing or is no text
     */
    public static AttributeSql of(AttributeTemplate attribute, StructType table, String key) {
        attribute.fields().forEach(field -> requireText(attribute, field, table, key));
        String joined = attribute.parts().stream()
                .map(part -> part.field() ? "coalesce(" + field(part.text(), table) + ", '')" : literal(part.text()))
                .collect(Collectors.joining(", ", "concat(", ")"));
        String present = attribute.fields().stream()
                .map(field -> "(" + field(field, table) + " RLIKE r'" + Texts.NOT_BLANK + "')")
                .collect(Collectors.joining(" OR "));
        return new AttributeSql("CASE WHEN " + present + " THEN " + joined + " END", Form.TEXT);
    }

    /**
     * The expression of a row of numbers and categories as JSON: an array, or an object with the attribute's columns. It is null where all
     * of them are.
     *
     * @param key how messages name the attribute
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column is missing or holds something else
     */
    static AttributeSql ofRow(AttributeTemplate attribute, StructType table, String key) {
        attribute.fields().forEach(field -> requireFeature(attribute, field, table, key));
        List<String> fields = attribute.fields().stream()
                .map(field -> reference(field, table))
                .toList();
        String present = fields.stream().map(field -> field + " IS NOT NULL").collect(Collectors.joining(" OR "));
        String json = isArray(attribute, table)
                ? "to_json(" + fields.get(0) + ")"
                : attribute.fields().stream()
                        .map(field -> literal(field) + ", " + reference(field, table))
                        .collect(Collectors.joining(", ", "to_json(named_struct(", "))"));
        return new AttributeSql("CASE WHEN " + present + " THEN " + json + " END", Form.TEXT);
    }

    private static boolean isArray(AttributeTemplate attribute, StructType table) {
        return attribute.fields().size() == 1
                && type(attribute.fields().get(0), table)
                        .filter(ArrayType.class::isInstance)
                        .isPresent();
    }

    private static void requireFeature(AttributeTemplate attribute, String field, StructType table, String key) {
        DataType type = requireColumn(field, table, key);
        boolean isNumbers = type instanceof ArrayType array && array.elementType() instanceof NumericType;
        boolean isNested = type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
        boolean fits = isNested ? isNumbers && attribute.fields().size() == 1 : !(type instanceof BinaryType);
        if (!fits) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed " + key + ": " + field + " is of type " + type.sql()
                            + " (a row is one array of numbers, or columns of numbers and categories). Name other columns.");
        }
    }

    /** The expression for the SHA-256 of the content, in hexadecimal; that of a path is not that of its file. */
    public String hash() {
        return "sha2(CAST(" + content + " AS BINARY), 256)";
    }

    /** The expression for the length of the content: characters of a text, bytes of a file. */
    String size() {
        return "CAST(length(" + content + ") AS BIGINT)";
    }

    private static String field(String field, StructType table) {
        return "make_valid_utf8(CAST(" + reference(field, table) + " AS STRING))";
    }

    /** A name in back quotes, or each part of a path in its own where no column has the whole name. */
    static String reference(String field, StructType table) {
        return Columns.find(table, field).isPresent()
                ? Columns.quoted(field)
                : Arrays.stream(field.split("\\.")).map(Columns::quoted).collect(Collectors.joining("."));
    }

    private static void requireText(AttributeTemplate attribute, String field, StructType table, String key) {
        DataType type = requireColumn(field, table, key);
        boolean nested = type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
        boolean fits = attribute.isColumn() ? type instanceof StringType : !nested && !(type instanceof BinaryType);
        if (!fits) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed " + key + ": " + field + " is of type " + type.sql() + " ("
                            + (attribute.isColumn()
                                    ? "a column must be a string; a template such as \"{" + field
                                            + "}\" takes numbers and dates too"
                                    : "a template takes strings, numbers, dates and booleans")
                            + "). Name another column.");
        }
    }

    static DataType requireColumn(String field, StructType table, String key) {
        return type(field, table)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot read " + key + ": " + field + " (the source has no such column). "
                                + Columns.suggest(field, table)));
    }

    static Optional<DataType> type(String field, StructType table) {
        Optional<DataType> whole = Columns.find(table, field).map(StructField::dataType);
        if (whole.isPresent()) {
            return whole;
        }
        Optional<DataType> at = Optional.of(table);
        for (String part : field.split("\\.")) {
            at = at.filter(StructType.class::isInstance)
                    .flatMap(struct -> Columns.find((StructType) struct, part))
                    .map(StructField::dataType);
        }
        return at;
    }

    /** As bytes: in a quoted literal Spark would replace what looks like a variable, <code>${env:HOME}</code> among it. */
    static String literal(String text) {
        return "CAST(X'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "' AS STRING)";
    }
}
