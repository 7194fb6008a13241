package io.embedlake.spark.publish;

import io.embedlake.config.TableRef;
import io.embedlake.spark.run.JobContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The properties of the target's vector columns. Immutable; confined to the driver.
 *
 * @param context the run
 * @param columns the published columns
 */
record TargetProperties(JobContext context, List<PublishedColumn> columns) {
    /** Whether the table's properties match its columns. */
    boolean areSet(TargetTable target) {
        return columns.stream().allMatch(column -> target.properties()
                .entrySet()
                .containsAll(column.provenance().properties(column.name()).entrySet()));
    }

    /** The properties, by name. */
    Map<String, String> all() {
        Map<String, String> properties = new TreeMap<>();
        for (PublishedColumn column : columns) {
            properties.putAll(column.provenance().properties(column.name()));
            properties.put(Provenance.runProperty(column.name()), context.run().text());
            properties.put(
                    Provenance.storeProperty(column.name()),
                    context.job().target().store().sql());
        }
        return properties;
    }

    /** Sets them, in a commit. */
    void set() {
        set(all());
    }

    /**
     * Vectors and the properties that name their reducer cannot change in one commit: a change of reducer is announced in the table
     * first, so that vectors of both are not compared.
     *
     * @return how many commits it took
     */
    int announce(TargetTable target) {
        Map<String, String> announced = new TreeMap<>();
        for (PublishedColumn column : columns) {
            target.provenance(column.name())
                    .filter(made -> !made.reducer().equals(column.provenance().reducer()))
                    .ifPresent(made -> announced.put(
                            Provenance.announcedProperty(column.name()),
                            column.provenance().reducer()));
        }
        if (announced.isEmpty()) {
            return 0;
        }
        set(announced);
        return 1;
    }

    private void set(Map<String, String> properties) {
        String list = properties.entrySet().stream()
                .map(property -> literal(property.getKey()) + " = " + literal(property.getValue()))
                .collect(Collectors.joining(", "));
        TableRef table = context.job().target().table();
        Contention.retried(table, () -> {
            context.tables()
                    .sql(
                            "set the properties of " + table,
                            "ALTER TABLE " + table.sql() + " SET TBLPROPERTIES (" + list + ")");
            return table;
        });
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
