package io.embedlake.spark.search;

import static org.apache.spark.sql.functions.col;

import io.embedlake.spark.index.IndexSearch.Hit;
import io.embedlake.spark.index.IndexSearch.Hits;
import io.embedlake.spark.source.Columns;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows that an index has found, from the files that have them: vectors are not read. Stateless; confined to the driver. */
final class FoundRows {
    private FoundRows() {}

    /** The score, then the table's columns but for its vectors, in the order of the hits. */
    static Dataset<Row> of(List<String> ids, Hits found) {
        Dataset<Row> table = found.files();
        List<Hit> hits = found.best();
        List<StructField> shown = Search.shown(table.schema());
        Column isFound = IntStream.range(0, ids.size())
                .mapToObj(i -> col(Columns.quoted(ids.get(i)))
                        .isin(hits.stream()
                                .map(hit -> hit.id().get(i))
                                .distinct()
                                .toArray()))
                .reduce(Column::and)
                .orElseThrow();
        Column[] wanted = Stream.concat(
                        ids.stream().map(id -> col(Columns.quoted(id))),
                        shown.stream().map(field -> col(Columns.quoted(field.name()))))
                .toArray(Column[]::new);
        Map<List<Object>, Row> byId = new HashMap<>();
        for (Row row : table.where(isFound).select(wanted).collectAsList()) {
            byId.put(key(values(row, 0, ids.size())), row);
        }
        List<Row> rows = new ArrayList<>();
        for (Hit hit : hits) {
            Row row = byId.get(key(hit.id()));
            if (row != null) {
                List<Object> values = values(row, ids.size(), row.size());
                values.add(0, hit.score());
                rows.add(RowFactory.create(values.toArray()));
            }
        }
        StructType schema = new StructType().add(Search.SCORE, DataTypes.DoubleType);
        for (StructField field : shown) {
            schema = schema.add(field);
        }
        return table.sparkSession().createDataFrame(rows, schema);
    }

    /** Arrays of bytes are no keys. */
    private static List<Object> key(List<Object> id) {
        return id.stream()
                .map(value -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value)
                .toList();
    }

    private static List<Object> values(Row row, int from, int to) {
        List<Object> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(row.get(i));
        }
        return values;
    }
}
