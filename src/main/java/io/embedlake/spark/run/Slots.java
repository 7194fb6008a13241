package io.embedlake.spark.run;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * How many tasks run at once. Immutable.
 *
 * @param now with the executors that there are
 * @param most when dynamic allocation has added all executors that its bound allows: without a bound, or without it, as now
 */
public record Slots(int now, int most) {
    /** As many as make all partitions that a job may have. */
    private static final int MOST = 5_000;

    public Slots {
        if (now < 1 || most < now) {
            throw new IllegalArgumentException("there is a slot, and later there are not fewer");
        }
    }

    static Slots of(SparkContext context) {
        return of(context.defaultParallelism(), context.conf());
    }

    static Slots of(int parallelism, SparkConf conf) {
        int now = Math.max(1, parallelism);
        if (!conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            return new Slots(now, now);
        }
        long tasks =
                Math.max(1, conf.getInt("spark.executor.cores", 1) / Math.max(1, conf.getInt("spark.task.cpus", 1)));
        long bound = conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
        return new Slots(now, bound == Integer.MAX_VALUE ? now : Math.max(now, (int) Math.min(MOST, bound * tasks)));
    }
}
