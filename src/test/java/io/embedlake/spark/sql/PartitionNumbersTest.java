package io.embedlake.spark.sql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.spark.job.Lake;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionNumbersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 1000})
    void eachRowIsInThePartitionOfItsNumber(int partitions) {
        Dataset<Row> rows = Lake.spark()
                .range(3000)
                .select(expr("CAST(id % " + partitions + " AS INT)").as("number"));

        Dataset<Row> placed = PartitionNumbers.repartition(rows, partitions, col("number"));

        assertEquals(partitions, placed.toJavaRDD().getNumPartitions());
        assertEquals(3000, placed.where("number = spark_partition_id()").count());
    }
}
