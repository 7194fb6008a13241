package io.embedlake.spark.source;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.ImageStrings;
import io.embedlake.spark.source.AttributeSql.Form;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import io.embedlake.text.Texts;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Attributes that hold images, as SQL expressions. Stateless. */
final class ImageSql {
    /** What Spark's source {@code image} makes of a picture: rows of pixels, without a file. */
    private static final Set<String> PIXELS = Set.of("origin", "height", "width", "nchannels", "mode", "data");

    /** As {@code io.embedlake.image.ImageDecoder} reads pixels without a file. */
    private static final String PIXELS_HEADER = "SPARKIMAGE ";

    private static final String ABSOLUTE = "^([A-Za-z][A-Za-z0-9+.-]+:|/)";
    private static final String DATA_URI = "^\\s*data:[^,]*,";

    private ImageSql() {}

    /** Whether an embedding is of images: it says so, or its column can hold nothing else. */
    static boolean isAskedFor(EmbeddingSpec embedding, StructType table) {
        return embedding.input().map(InputKind.IMAGE::equals).orElseGet(() -> type(embedding, table)
                .filter(type -> type instanceof BinaryType || isPixels(type))
                .isPresent());
    }

    private static Optional<DataType> type(EmbeddingSpec embedding, StructType table) {
        return embedding.attribute().isColumn()
                ? AttributeSql.type(embedding.attribute().source().strip(), table)
                : Optional.empty();
    }

    private static boolean isPixels(DataType type) {
        return type instanceof StructType struct
                && Arrays.stream(struct.fieldNames())
                        .map(String::toLowerCase)
                        .collect(Collectors.toSet())
                        .equals(PIXELS);
    }

    /**
     * The expression of an attribute with images.
     *
     * @param key how messages name the attribute
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is no column that holds any
     */
    static AttributeSql of(EmbeddingSpec embedding, StructType table, String key) {
        String attribute = embedding.attribute().source().strip();
        if (!embedding.attribute().isColumn()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed " + key + ": " + attribute
                            + " (a template makes a text, and the input is an image). Name one column with images.");
        }
        DataType type = AttributeSql.requireColumn(attribute, table, key);
        String column = AttributeSql.reference(attribute, table);
        if (type instanceof BinaryType) {
            return new AttributeSql(column, Form.IMAGE);
        }
        if (isPixels(type)) {
            return new AttributeSql(pixels(column), Form.IMAGE);
        }
        if (type instanceof StringType) {
            return embedding.imageStrings() == ImageStrings.BASE64
                    ? new AttributeSql(decoded(column), Form.IMAGE)
                    : new AttributeSql(path(column, embedding.imageBase()), Form.PATH);
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed " + key + ": " + attribute + " is of type " + type.sql()
                        + " (an image is BINARY, a STRING with its path or its base64, or the struct of Spark's source"
                        + " image). Name another column.");
    }

    /** Pixels become a file of a format of their own; what Spark could not read becomes an empty one, which is rejected. */
    private static String pixels(String column) {
        return ("CASE WHEN %1$s IS NULL THEN NULL WHEN %1$s.height > 0 AND %1$s.data IS NOT NULL THEN"
                        + " concat(CAST(concat('%2$s', %1$s.width, ' ', %1$s.height, ' ', %1$s.mode, chr(10)) AS BINARY), %1$s.data)"
                        + " ELSE X'' END")
                .formatted(column, PIXELS_HEADER);
    }

    /** Base64, also as a data URI; a string that is neither stays what it is, and is rejected as no image. */
    private static String decoded(String column) {
        return present(
                column,
                "coalesce(try_to_binary(regexp_replace(%1$s, r'%2$s', ''), 'base64'), CAST(%1$s AS BINARY))"
                        .formatted(column, DATA_URI));
    }

    private static String path(String column, Optional<String> base) {
        return present(
                column,
                base.map(folder -> "CASE WHEN %1$s RLIKE r'%2$s' THEN %1$s ELSE concat(%3$s, %1$s) END"
                                .formatted(column, ABSOLUTE, AttributeSql.literal(folder + "/")))
                        .orElse(column));
    }

    /** Null where the string is blank. */
    private static String present(String column, String content) {
        return "CASE WHEN " + column + " RLIKE r'" + Texts.NOT_BLANK + "' THEN " + content + " END";
    }
}
