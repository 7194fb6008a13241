package io.embedlake.spark.store;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a Delta table asks of its writers. Immutable.
 *
 * @param columns its columns as its log has them, with what makes their values
 * @param properties its properties
 * @param unsupported why this Delta Lake cannot write it, if it cannot
 */
public record TableRules(StructType columns, Map<String, String> properties, Optional<String> unsupported) {
    private static final String CHECK = "delta.constraints.";
    private static final String GENERATION = "delta.generationExpression";
    private static final String IDENTITY = "delta.identity.start";
    private static final String EXPLICIT_IDENTITY = "delta.identity.allowExplicitInsert";
    private static final String DEFAULT = "CURRENT_DEFAULT";

    public TableRules {
        properties = Map.copyOf(properties);
    }

    /** Whether rows that are there can never change. */
    public boolean isAppendOnly() {
        return "true".equalsIgnoreCase(properties.get("delta.appendOnly"));
    }

    /** The CHECK constraints by name, in SQL. */
    public Map<String, String> checks() {
        Map<String, String> checks = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(CHECK)) {
                checks.put(name.substring(CHECK.length()), value);
            }
        });
        return checks;
    }

    /** Whether the table computes the values of a column where none are given. */
    public boolean isComputed(StructField column) {
        return column.metadata().contains(GENERATION)
                || column.metadata().contains(IDENTITY)
                || column.metadata().contains(DEFAULT);
    }

    /** Whether a column accepts no explicit values. */
    public boolean isMadeByTable(StructField column) {
        return column.metadata().contains(IDENTITY)
                && !(column.metadata().contains(EXPLICIT_IDENTITY)
                        && column.metadata().getBoolean(EXPLICIT_IDENTITY));
    }
}
