package io.embedlake.spark.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaMergeBuilder;
import io.embedlake.spark.change.SourceHistory;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Merges changed rows into the target. The commit carries the name of the run, by which the next one recognises it. Immutable; confined to
 * the driver.
 *
 * @param tables writes
 * @param run the run
 */
record TargetMerge(Tables tables, RunId run) {
    private static final String TARGET_ALIAS = "t";
    private static final String CHANGES_ALIAS = "s";
    private static final String MARK = SourceRows.PREFIX + "run";

    /** Merges in one commit; {@code changes} are the changed ones of the rows. Files of the target that cannot have them are not read. */
    void execute(RowsToPublish rows, KeptRows changes) {
        Column id = col(TARGET_ALIAS + "." + Columns.quoted(rows.shape().ids().get(0)));
        merge(rows, changes.rows(), rows.source().ranges(changes).contain(id), false);
    }

    /** Inserts all rows in one commit into a target that has none; how many were inserted. */
    long intoEmpty(RowsToPublish rows) {
        Dataset<Row> all = rows.all().withColumn(RowsToPublish.IN_SOURCE, lit(true));
        return merge(rows, all, Optional.empty(), true)
                .select("num_inserted_rows")
                .first()
                .getLong(0);
    }

    private Dataset<Row> merge(
            RowsToPublish rows, Dataset<Row> changes, Optional<Column> narrowing, boolean intoEmpty) {
        String mark = SourceHistory.mark(run);
        boolean inPlace = rows.source().isTarget();
        Map<String, String> vectors = new LinkedHashMap<>();
        List<Column> selected =
                new ArrayList<>(List.of(col(RowsToPublish.IN_SOURCE), lit(mark).as(MARK)));
        rows.shape().derivedIds().forEach(id -> selected.add(col(id)));
        String unchanged = "true";
        for (int i = 0; i < rows.columns().size(); i++) {
            PublishedColumn column = rows.columns().get(i);
            // The alias carries the metadata into the schema when the merge adds the column.
            selected.add(col(RowsToPublish.VECTOR + i)
                    .as(column.name(), column.provenance().metadata()));
            vectors.put(Columns.quoted(column.name()), CHANGES_ALIAS + "." + Columns.quoted(column.name()));
        }
        for (SourceText text : rows.source().texts()) {
            selected.add(col(text.origin()));
            String origin = CHANGES_ALIAS + "." + text.origin();
            unchanged += " AND (" + origin + " IS NULL OR " + origin + " <=> " + text.originExpression() + ")";
        }
        Map<String, String> all = new LinkedHashMap<>(vectors);
        if (!inPlace) {
            for (String name :
                    rows.shape().shared(rows.source().columns(), rows.target().columns())) {
                selected.add(col(Columns.quoted(name)).as(SourceRows.PREFIX + "own_" + name));
                all.put(Columns.quoted(name), CHANGES_ALIAS + "." + Columns.quoted(SourceRows.PREFIX + "own_" + name));
            }
        }
        Column sameId =
                expr(sameId(rows.shape())).and(col(CHANGES_ALIAS + "." + MARK).equalTo(lit(mark)));
        Column matched = narrowing.map(sameId::and).orElse(sameId);
        DeltaMergeBuilder merge = tables.delta(rows.target().table())
                .as(TARGET_ALIAS)
                .merge(changes.select(selected.toArray(Column[]::new)).as(CHANGES_ALIAS), matched)
                .withSchemaEvolution();
        if (inPlace) {
            merge = merge.whenMatched(unchanged).updateExpr(vectors);
        } else if (intoEmpty) {
            merge = merge.whenNotMatched().insertExpr(all);
        } else if (rows.target().isMirror()) {
            merge = merge.whenMatched("NOT " + CHANGES_ALIAS + "." + RowsToPublish.IN_SOURCE)
                    .delete()
                    .whenMatched()
                    .updateExpr(all)
                    .whenNotMatched()
                    .insertExpr(all);
        } else {
            merge = merge.whenMatched().updateExpr(vectors).whenNotMatched().insertExpr(all);
        }
        return merge.execute();
    }

    private static String sameId(TargetShape shape) {
        List<String> ids = shape.ids();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> TARGET_ALIAS + "." + Columns.quoted(ids.get(i)) + " = " + CHANGES_ALIAS + "."
                        + SourceRows.id(i))
                .collect(Collectors.joining(" AND "));
    }
}
