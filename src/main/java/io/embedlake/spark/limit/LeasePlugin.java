package io.embedlake.spark.limit;

import io.embedlake.spark.metrics.ExecutorTotals;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Serves executors' requests for permits over Spark's own connections, and shows their totals among their metrics: {@code
 * spark.plugins=io.embedlake.spark.limit.LeasePlugin}. Thread-safe; Spark makes it.
 *
 * <p>What travels are byte arrays: Spark reads messages with a class loader that does not have the job's jar.
 */
public final class LeasePlugin implements SparkPlugin {
    /** An executor is one JVM with one connection to its driver. */
    private static final AtomicReference<PluginContext> EXECUTOR = new AtomicReference<>();

    @Override
    public DriverPlugin driverPlugin() {
        return new OnDriver();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    /** The connection of this executor, where Spark has loaded the plugin. */
    static Optional<PluginContext> executor() {
        return Optional.ofNullable(EXECUTOR.get());
    }

    private static final class OnDriver implements DriverPlugin {
        @Override
        public Object receive(Object message) {
            return DriverLimits.ofJvm().exchange((byte[]) message);
        }
    }

    private static final class OnExecutor implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> configuration) {
            EXECUTOR.set(context);
            ExecutorTotals.show(context.metricRegistry());
        }

        @Override
        public void shutdown() {
            EXECUTOR.set(null);
        }
    }
}
