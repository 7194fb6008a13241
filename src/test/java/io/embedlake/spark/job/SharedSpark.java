package io.embedlake.spark.job;

import io.embedlake.config.Setting;
import io.embedlake.spark.Sessions;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The one local session of all Spark tests, opened by the first that asks and closed by the end of the JVM. Thread-safe. */
public final class SharedSpark {
    private static SparkSession session;

    private SharedSpark() {}

    /** The session; nobody closes it. */
    public static synchronized SparkSession session() {
        if (session == null) {
            Map<String, Setting> settings = new TreeMap<>();
            set(settings, "spark.master", "local[2]");
            set(settings, "spark.ui.enabled", "false");
            set(settings, "spark.sql.shuffle.partitions", "2");
            // Tables of a few rows are read in one task.
            set(settings, "spark.sql.leafNodeDefaultParallelism", "1");
            set(settings, "spark.databricks.delta.snapshotPartitions", "1");
            set(settings, "spark.sql.session.timeZone", "UTC");
            // A job compiles more classes than Spark keeps by default; tests run hundreds of jobs.
            set(settings, "spark.sql.codegen.cache.maxEntries", "5000");
            // By default the logs of ten thousand tables stay in memory: those of all tests filled 2 GB.
            set(settings, "spark.databricks.delta.delta.log.cacheSize", "32");
            set(
                    settings,
                    "spark.sql.warehouse.dir",
                    Path.of("target", "test-warehouse").toAbsolutePath().toString());
            session = Sessions.open("tests", settings, Map.of());
            session.sparkContext().setLogLevel("OFF");
        }
        return session;
    }

    private static void set(Map<String, Setting> settings, String name, String value) {
        settings.put(name, new Setting.Literal(value, value));
    }
}
