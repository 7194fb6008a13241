package io.embedlake.spark.source;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns by name, as Spark finds them: without regard to case. Stateless. */
public final class Columns {
    private Columns() {}

    /** The top-level column of this name. */
    public static Optional<StructField> find(StructType table, String name) {
        return Arrays.stream(table.fields())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether Spark can compare and hash the values of a column: not those that contain a map or a variant. */
    public static boolean isComparable(StructField field) {
        String type = field.dataType().catalogString();
        return !type.contains("map<") && !type.contains("variant");
    }

    /** The name in back quotes. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A sentence that names the column most like this one. */
    public static String suggest(String name, StructType table) {
        return suggest(name, List.of(table.fieldNames())).orElse("It has no columns.");
    }

    /** A sentence that names what is most like this name, and all that there is; nothing where there is nothing. */
    public static Optional<String> suggest(String name, List<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .min(Comparator.comparing(other -> distance.apply(other.toLowerCase(), name.toLowerCase())))
                .map(nearest -> "Did you mean " + nearest + "? It has " + String.join(", ", known) + ".");
    }
}
