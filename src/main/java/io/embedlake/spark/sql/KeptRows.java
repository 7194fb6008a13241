package io.embedlake.spark.sql;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeMap$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Rows that are computed once, counted, and kept by the executors until its creator closes it. Confined to the driver.
 *
 * <p>Unlike a cached query they are not replanned when a table that they were computed from changes, as it does at the end of every
 * merge into it. Rows that an executor loses are computed again.
 */
public final class KeptRows implements AutoCloseable {
    private final Dataset<Row> rows;
    private final long count;
    private final Runnable release;

    private KeptRows(Dataset<Row> rows, long count, Runnable release) {
        this.rows = rows;
        this.count = count;
        this.release = release;
    }

    /** Computes rows and keeps them. Where Spark's internals differ from the expected ones, as a cached query. */
    public static KeptRows of(Dataset<Row> computed) {
        try {
            return besideCache(computed);
        } catch (LinkageError | ClassCastException e) {
            return inCache(computed);
        }
    }

    static KeptRows inCache(Dataset<Row> computed) {
        Dataset<Row> cached = computed.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return new KeptRows(cached, cached.count(), cached::unpersist);
        } catch (Exception e) {
            cached.unpersist();
            throw e;
        }
    }

    private static KeptRows besideCache(Dataset<Row> computed) {
        var query = ((org.apache.spark.sql.classic.Dataset<Row>) computed).queryExecution();
        RDD<InternalRow> kept = query.toRdd()
                .map(new Copy(), ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Size size = kept.toJavaRDD().aggregate(new Size(0, 0), new Add(), new Merge());
            return new KeptRows(rows(computed, kept, size), size.rows(), () -> kept.unpersist(false));
        } catch (Exception | LinkageError e) {
            kept.unpersist(false);
            throw e;
        }
    }

    /** With their size, so that few rows are sent to a large table and not the other way round. */
    private static Dataset<Row> rows(Dataset<Row> computed, RDD<InternalRow> kept, Size size) {
        var query = ((org.apache.spark.sql.classic.Dataset<Row>) computed).queryExecution();
        var session = (org.apache.spark.sql.classic.SparkSession) computed.sparkSession();
        Statistics statistics = new Statistics(
                BigInt.apply(Math.max(1, size.bytes())),
                Option.apply(BigInt.apply(size.rows())),
                AttributeMap$.MODULE$.empty(),
                false);
        LogicalRDD plan = new LogicalRDD(
                query.analyzed().output(),
                kept,
                new UnknownPartitioning(0),
                CollectionConverters.asScala(List.<SortOrder>of()).toSeq(),
                false,
                Option.empty(),
                session,
                Option.apply(statistics),
                Option.empty());
        return org.apache.spark.sql.classic.Dataset.ofRows(session, plan);
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** The rows, cached or not. */
    public Dataset<Row> rows() {
        return rows;
    }

    @Override
    public void close() {
        release.run();
    }

    /** Immutable. */
    private record Size(long rows, long bytes) implements Serializable {}

    /** Spark hands out one row again and again with other values. Stateless. */
    private static final class Copy extends AbstractFunction1<InternalRow, InternalRow> implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public InternalRow apply(InternalRow row) {
            return row.copy();
        }
    }

    /** Stateless. */
    private static final class Add implements Function2<Size, InternalRow, Size> {
        private static final long serialVersionUID = 1L;

        @Override
        public Size call(Size size, InternalRow row) {
            return new Size(size.rows() + 1, size.bytes() + ((UnsafeRow) row).getSizeInBytes());
        }
    }

    /** Stateless. */
    private static final class Merge implements Function2<Size, Size, Size> {
        private static final long serialVersionUID = 1L;

        @Override
        public Size call(Size one, Size other) {
            return new Size(one.rows() + other.rows(), one.bytes() + other.bytes());
        }
    }
}
