package io.embedlake.spark.neighbours;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.embedlake.config.TableRef;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The table that neighbours are written into. Confined to the driver.
 *
 * @param table its name
 * @param spec what it is the answer to
 */
record ResultTable(Tables tables, TableRef table, JoinSpec spec) {
    static final String RANK = "rank";

    /** The property of a table that holds neighbours, and nothing of a user's. */
    private static final String PROPERTY = "embedlake.neighbours";

    /**
     * What was written.
     *
     * @param queries how many queries have a neighbour
     */
    record Written(long rows, long queries) {}

    /** @throws io.embedlake.spi.EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when it holds something else */
    static ResultTable of(Tables tables, TableRef table, JoinSpec spec) {
        if (table.isFiles()) {
            throw OpenSide.refused(
                    "the result " + table + " is no Delta table",
                    "neighbours are written as one",
                    "Name a Delta table");
        }
        if (tables.exists(table) && !tables.properties(table).containsKey(PROPERTY)) {
            throw OpenSide.refused(
                    "the table " + table + " is there and holds no neighbours",
                    "a result only takes the place of an earlier one",
                    "Name a table that is not there yet");
        }
        return new ResultTable(tables, table, spec);
    }

    /** No neighbours. */
    static Dataset<Row> none(SparkSession spark, OpenSide of, OpenSide in) {
        StructType schema = CompareBlocks.schema(id(in), id(of)).add(RANK, "int");
        return spark.createDataFrame(List.of(), schema);
    }

    private static org.apache.spark.sql.types.DataType id(OpenSide side) {
        return side.units(0).schema().apply(OpenSide.ID).dataType();
    }

    /**
     * Writes neighbours in one commit, in place of those of an earlier join.
     *
     * @param neighbours {@code query, rank, neighbour, score}
     */
    void write(Dataset<Row> neighbours, OpenSide of, OpenSide in) {
        List<Column> columns = new ArrayList<>();
        of.side().ids().forEach(id -> columns.add(part(Route.QUERY, id)));
        columns.add(col(RANK));
        in.side().ids().forEach(id -> columns.add(part(CompareBlocks.NEIGHBOUR, id)));
        columns.add(col(CompareBlocks.SCORE));
        Dataset<Row> rows = neighbours.select(columns.toArray(Column[]::new));
        Failures.on("write the table " + table, "Check that it can be written.", () -> {
            tables.make(table, () -> make(rows.schema()));
            var writer = rows.write().format("delta").mode("overwrite").option("overwriteSchema", "true");
            if (table instanceof TableRef.FilePath files) {
                writer.save(files.location());
            } else {
                writer.saveAsTable(table.sql());
            }
        });
    }

    private static Column part(String name, String id) {
        return col(name + "." + Columns.quoted(id)).as(name + "_" + id);
    }

    private void make(StructType schema) {
        StructType plain = new StructType();
        for (StructField field : schema.fields()) {
            plain = plain.add(field.name(), field.dataType().asNullable());
        }
        DeltaTableBuilder builder = DeltaTable.create(tables.spark())
                .tableName(table.sql())
                .addColumns(plain)
                .comment("embedlake: nearest rows")
                .property(PROPERTY, spec.of().column() + " in " + spec.in().column());
        if (table instanceof TableRef.FilePath files) {
            builder = builder.location(files.location());
        }
        builder.execute();
    }

    /** What is in the table now. */
    Written written() {
        Row counts = tables.read(table)
                .agg(count(lit(1)), count(when(col(RANK).equalTo(1), 1)))
                .first();
        return new Written(counts.getLong(0), counts.getLong(1));
    }
}
