package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.spark.index.IndexSearch.Hit;
import io.embedlake.spark.index.IndexSearch.Hits;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.Tables;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that an index has found, from the files that have them: vectors are not read, and of other columns single pages, where values are
 * as the files have them. Stateless; confined to the driver.
 */
final class FoundRows {
    private FoundRows() {}

    /**
     * The score, then the table's columns but for its vectors, in the order of the hits.
     *
     * @param columns the table's columns
     * @return nothing where the table does not have the files
     */
    static Optional<Dataset<Row>> of(Tables tables, TableRef table, StructType columns, List<String> ids, Hits found) {
        List<StructField> shown = Search.shown(columns);
        List<StructField> keys =
                ids.stream().map(id -> Columns.find(columns, id).orElseThrow()).toList();
        return byFiles(tables, table, keys, shown, found)
                .or(() -> byQuery(tables, table, keys, shown, found))
                .map(rows -> inOrder(found.best(), keys, shown, rows))
                .map(rows -> tables.spark().createDataFrame(rows, schema(shown)));
    }

    private static StructType schema(List<StructField> shown) {
        StructType schema = new StructType().add(Search.SCORE, DataTypes.DoubleType);
        for (StructField field : shown) {
            schema = schema.add(field);
        }
        return schema;
    }

    private static Optional<List<Row>> byFiles(
            Tables tables, TableRef table, List<StructField> keys, List<StructField> shown, Hits found) {
        Map<String, List<List<Object>>> wanted = new HashMap<>();
        found.best().stream()
                .collect(Collectors.groupingBy(Hit::file))
                .forEach((file, own) -> wanted.put(
                        tables.uri(table, file), own.stream().map(Hit::id).toList()));
        return tables.read(table, keys, shown, wanted);
    }

    private static Optional<List<Row>> byQuery(
            Tables tables, TableRef table, List<StructField> keys, List<StructField> shown, Hits found) {
        Column isFound = IntStream.range(0, keys.size())
                .mapToObj(i -> col(Columns.quoted(keys.get(i).name()))
                        .isin(found.best().stream()
                                .map(hit -> hit.id().get(i))
                                .distinct()
                                .toArray()))
                .reduce(Column::and)
                .orElseThrow();
        Column[] wanted =
                shown.stream().map(field -> col(Columns.quoted(field.name()))).toArray(Column[]::new);
        Set<String> files = found.best().stream().map(Hit::file).collect(Collectors.toSet());
        return tables.read(table, found.version(), files)
                .map(rows -> rows.where(isFound).select(wanted).collectAsList());
    }

    private static List<Row> inOrder(List<Hit> hits, List<StructField> keys, List<StructField> shown, List<Row> rows) {
        Map<List<Object>, Row> byId = new HashMap<>();
        for (Row row : rows) {
            byId.put(key(keys.stream().map(key -> row.getAs(key.name())).toList()), row);
        }
        return hits.stream()
                .filter(hit -> byId.containsKey(key(hit.id())))
                .map(hit -> scored(hit, byId.get(key(hit.id())), shown))
                .toList();
    }

    private static Row scored(Hit hit, Row row, List<StructField> shown) {
        List<Object> values = new ArrayList<>(List.of(hit.score()));
        shown.forEach(field -> values.add(row.getAs(field.name())));
        return RowFactory.create(values.toArray());
    }

    /** Arrays of bytes are no keys. */
    private static List<Object> key(List<Object> id) {
        return id.stream()
                .map(value -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value)
                .toList();
    }
}
