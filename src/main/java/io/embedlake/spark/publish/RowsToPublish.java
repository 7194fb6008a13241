package io.embedlake.spark.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.embedlake.spark.source.Columns;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a source with the vectors that they should have, beside those of the target. Immutable; lazy.
 *
 * @param source the rows
 * @param target where their vectors go
 * @param shape which columns name a row of the target
 * @param columns the vectors
 */
record RowsToPublish(SourceRows source, TargetTable target, TargetShape shape, List<PublishedColumn> columns) {
    /** Derived columns: the vectors, by the number of the published column, and whether a row is in the source. */
    static final String VECTOR = SourceRows.PREFIX + "vector_";

    static final String IN_SOURCE = SourceRows.PREFIX + "in_source";

    private static final String PUBLISHED = SourceRows.PREFIX + "published_";
    private static final String IN_TARGET = SourceRows.PREFIX + "in_target";

    /** The rows of the job. */
    Dataset<Row> all() {
        return withVectors(source.selected());
    }

    /** The rows that differ from the target's, without the columns that the target keeps. */
    Dataset<Row> changed() {
        return source.isTarget()
                ? besideOwnVectors()
                        .where(differs())
                        .drop(source.columns().fieldNames())
                        .drop(large())
                : besideTarget().where(differs()).drop(large());
    }

    private String[] large() {
        return source.texts().stream()
                .filter(SourceText::isLarge)
                .map(SourceText::text)
                .toArray(String[]::new);
    }

    /** Whether the target has no column of this name yet. */
    boolean lacks(PublishedColumn column) {
        return Columns.find(target.columns(), column.name()).isEmpty();
    }

    private Dataset<Row> withVectors(Dataset<Row> rows) {
        Dataset<Row> joined = rows;
        for (int i = 0; i < columns.size(); i++) {
            Dataset<Row> vectors = columns.get(i)
                    .vectors()
                    .select(
                            col(VectorStore.CONTENT_HASH).as(SourceRows.PREFIX + "key_" + i),
                            col(VectorStore.VECTOR).as(VECTOR + i));
            joined = joined.join(
                    vectors, col(columns.get(i).text().hash()).equalTo(col(SourceRows.PREFIX + "key_" + i)), "left");
        }
        return shape.rows(joined, VECTOR + 0);
    }

    /** The source is the target: its rows have their own vectors. */
    private Dataset<Row> besideOwnVectors() {
        Dataset<Row> rows = withVectors(source.all());
        for (int i = 0; i < columns.size(); i++) {
            rows = rows.withColumn(PUBLISHED + i, published(source.columns(), columns.get(i)));
        }
        return rows.withColumn(IN_SOURCE, lit(true)).withColumn(IN_TARGET, lit(true));
    }

    /** The target is another table: its rows are matched with the source's by id. */
    private Dataset<Row> besideTarget() {
        List<Column> kept = new ArrayList<>();
        List<String> ids = shape.ids();
        for (int i = 0; i < ids.size(); i++) {
            kept.add(col(Columns.quoted(ids.get(i))).as(PUBLISHED + "id_" + i));
        }
        for (int i = 0; i < columns.size(); i++) {
            kept.add(published(target.columns(), columns.get(i)).as(PUBLISHED + i));
        }
        for (String name : shape.shared(source.columns(), target.columns())) {
            kept.add(col(Columns.quoted(name)).as(PUBLISHED + "own_" + name));
        }
        Dataset<Row> all = target.rows().orElseThrow();
        List<Column> sourceIds = shape.sourceIds().stream()
                .map(name -> all.col(Columns.quoted(name)))
                .toList();
        Dataset<Row> targetRows = source.belonging(all, sourceIds)
                .select(kept.toArray(Column[]::new))
                .withColumn(IN_TARGET, lit(true));
        Column sameId = IntStream.range(0, ids.size())
                .mapToObj(i -> col(SourceRows.id(i)).equalTo(col(PUBLISHED + "id_" + i)))
                .reduce(Column::and)
                .orElseThrow();
        Dataset<Row> rows = withVectors(source.selected())
                .withColumn(IN_SOURCE, lit(true))
                .join(targetRows, sameId, "full_outer")
                .withColumn(IN_SOURCE, coalesce(col(IN_SOURCE), lit(false)))
                .withColumn(IN_TARGET, coalesce(col(IN_TARGET), lit(false)));
        for (int i = 0; i < ids.size(); i++) {
            rows = rows.withColumn(SourceRows.id(i), coalesce(col(SourceRows.id(i)), col(PUBLISHED + "id_" + i)));
        }
        return rows;
    }

    private static Column published(StructType table, PublishedColumn column) {
        return Columns.find(table, column.name()).isEmpty()
                ? lit(null).cast(column.type())
                : col(Columns.quoted(column.name()));
    }

    private Column differs() {
        Column vectors = IntStream.range(0, columns.size())
                .mapToObj(i -> not(col(VECTOR + i).eqNullSafe(col(PUBLISHED + i))))
                .reduce(Column::or)
                .orElseThrow();
        if (source.isTarget()) {
            return vectors;
        }
        Column inserted = not(col(IN_TARGET));
        if (!target.isMirror()) {
            return vectors.or(inserted);
        }
        Column deleted = not(col(IN_SOURCE));
        StructType own = shape.columns(source.columns());
        return shape.shared(source.columns(), target.columns()).stream()
                .filter(name -> Columns.isComparable(own.apply(name)))
                .map(name -> not(col(Columns.quoted(name)).eqNullSafe(col(Columns.quoted(PUBLISHED + "own_" + name)))))
                .reduce(vectors.or(inserted).or(deleted), Column::or);
    }
}
