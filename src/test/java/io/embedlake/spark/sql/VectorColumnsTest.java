package io.embedlake.spark.sql;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.reduce.pca.PcaReducer;
import io.embedlake.spark.job.Lake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.mutable.ArraySeq;

class VectorColumnsTest {
    private static final StructType SCHEMA = StructType.fromDDL("key STRING, vector ARRAY<FLOAT>");
    private static final PcaReducer REDUCER =
            new PcaReducer(new float[][] {{1, 2, 3}, {-4, 5, 6}}, new float[] {9, 9, 9}, new double[] {0.5, 0.25});

    @Test
    void vectorsAreThoseOfTheReducer(@TempDir Path folder) {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            float[] vector = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
            rows.add(RowFactory.create(String.format("%03d", i), new ArraySeq.ofFloat(vector)));
            expected.add(REDUCER.reduce(vector));
        }
        Dataset<Row> table = Lake.spark().createDataFrame(rows, SCHEMA);
        table.write().parquet(folder.resolve("vectors").toString());
        Dataset<Row> stored =
                Lake.spark().read().parquet(folder.resolve("vectors").toString());
        for (Dataset<Row> source : List.of(table, stored)) {
            List<Row> reduced = source.select(
                            col("key"),
                            VectorColumns.reduced(col("vector"), REDUCER).as("short"))
                    .orderBy("key")
                    .collectAsList();
            for (int i = 0; i < 50; i++) {
                List<Float> actual = reduced.get(i).getList(1);
                assertArrayEquals(expected.get(i), new float[] {actual.get(0), actual.get(1)});
            }
        }
    }

    @Test
    void whatIsNullStaysNull() {
        Dataset<Row> table = Lake.spark().createDataFrame(List.of(RowFactory.create("a", null)), SCHEMA);
        Dataset<Row> reduced =
                table.select(VectorColumns.reduced(col("vector"), REDUCER).as("short"));
        assertTrue(reduced.head().isNullAt(0));
        assertEquals("array<float>", reduced.schema().apply("short").dataType().catalogString());
    }
}
