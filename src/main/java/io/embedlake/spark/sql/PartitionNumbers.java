package io.embedlake.spark.sql;

import static org.apache.spark.sql.functions.udf;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Sends rows to the partitions that they name. Spark has this as {@code Dataset.repartitionById} since 4.1 alone; in all versions it sends a
 * row where the hash of an expression says, so that the right expression says where. Stateless.
 */
public final class PartitionNumbers {
    /** The seed of Spark's {@code HashPartitioning}, and of its function {@code hash}. */
    private static final int SEED = 42;

    private PartitionNumbers() {}

    /**
     * The rows, each in the partition of its number.
     *
     * @param number a column of type INT without nulls, from 0 to less than {@code partitions}
     */
    public static Dataset<Row> repartition(Dataset<Row> rows, int partitions, Column number) {
        return rows.repartition(
                partitions,
                udf(new Key(keys(partitions)), DataTypes.IntegerType).apply(number));
    }

    /** For each partition a number whose hash sends it there. */
    private static int[] keys(int partitions) {
        int[] keys = new int[partitions];
        boolean[] found = new boolean[partitions];
        for (int key = 0, missing = partitions; missing > 0; key++) {
            int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SEED), partitions);
            if (!found[partition]) {
                found[partition] = true;
                keys[partition] = key;
                missing--;
            }
        }
        return keys;
    }

    /** The key of a partition. Immutable. */
    private static final class Key implements UDF1<Integer, Integer> {
        private static final long serialVersionUID = 1L;

        private final int[] keys;

        Key(int[] keys) {
            this.keys = keys;
        }

        @Override
        public Integer call(Integer partition) {
            return keys[partition];
        }
    }
}
