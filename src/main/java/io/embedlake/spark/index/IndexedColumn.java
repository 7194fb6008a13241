package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.quantize.FloatBytes;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.ColumnScope;
import io.embedlake.spark.store.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A vector column that has an index or gets one. Immutable.
 *
 * @param table the table that has the column
 * @param store the store of the column, beside which the index is
 * @param column the vector column
 * @param full the column with the full vectors, if there is one
 * @param ids the columns that name a row
 * @param fingerprint what made the full vectors
 * @param reducer the version of the reduction
 * @param quantizer the quantizer of the column's vectors, if they are quantized
 */
public record IndexedColumn(
        TableRef table,
        TableRef store,
        String column,
        Optional<String> full,
        List<String> ids,
        String fingerprint,
        String reducer,
        Optional<Quantizer> quantizer) {
    static final String VECTOR = "vector";
    static final String FULL = "full";

    /** The file of the table that has the row, as the table's log names it. */
    static final String FILE = "file";

    public IndexedColumn {
        ids = List.copyOf(ids);
    }

    /** The index's name for part {@code i} of an id. */
    static String id(int i) {
        return "id_" + i;
    }

    ColumnScope scope() {
        return new ColumnScope(table, column);
    }

    /** The columns of an id, as entries name them. */
    List<Column> idColumns() {
        return IntStream.range(0, ids.size()).mapToObj(i -> col(id(i))).toList();
    }

    /** A table's ids: {@code id_0, id_1, ...}. */
    Dataset<Row> idsOf(Dataset<Row> rows) {
        return rows.select(IntStream.range(0, ids.size())
                .mapToObj(i -> col(Columns.quoted(ids.get(i))).as(id(i)))
                .toArray(Column[]::new));
    }

    /**
     * A table's rows that have a vector: {@code id_0, id_1, ..., file, vector}, and {@code full} where there is such a column; vectors as
     * bytes.
     *
     * @param rows as they are read from the table, all of them or some
     */
    Dataset<Row> vectorsOf(Tables tables, Dataset<Row> rows, Lengths lengths) {
        List<Column> taken = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            taken.add(col(Columns.quoted(ids.get(i))).as(id(i)));
        }
        taken.add(tables.file(table, rows).as(FILE));
        taken.add(VectorColumns.bytes(col(Columns.quoted(column)), lengths.code(this))
                .as(VECTOR));
        full.ifPresent(name -> taken.add(VectorColumns.bytes(col(Columns.quoted(name)), lengths.fullCode())
                .as(FULL)));
        return rows.where(col(Columns.quoted(column)).isNotNull()).select(taken.toArray(Column[]::new));
    }

    /**
     * How long vectors are.
     *
     * @param published the values of a published vector
     * @param full the values of a full vector; 0 where there is no such column
     */
    record Lengths(int published, int full) {
        /** What the bytes of a published vector mean. */
        Quantizer code(IndexedColumn column) {
            return column.quantizer().orElseGet(() -> new FloatBytes(published));
        }

        /** What the bytes of a full vector mean. */
        Quantizer fullCode() {
            return new FloatBytes(full);
        }
    }
}
