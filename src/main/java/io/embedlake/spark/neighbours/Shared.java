package io.embedlake.spark.neighbours;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** What tasks of all executors read, until it is closed. Confined to the driver. */
final class Shared implements AutoCloseable {
    private final JavaSparkContext context;
    private final List<Broadcast<?>> shared = new ArrayList<>();

    Shared(SparkSession spark) {
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    <T> Broadcast<T> share(T value) {
        Broadcast<T> broadcast = context.broadcast(value);
        shared.add(broadcast);
        return broadcast;
    }

    /** How many tasks run at the same time. */
    int parallelism() {
        return context.defaultParallelism();
    }

    @Override
    public void close() {
        shared.forEach(Broadcast::destroy);
    }
}
