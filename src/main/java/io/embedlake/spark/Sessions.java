package io.embedlake.spark;

import io.embedlake.config.Setting;
import io.embedlake.spark.limit.LeasePlugin;
import io.embedlake.spark.sql.EmbedlakeExtensions;
import io.embedlake.spark.store.S3Settings;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Files;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;

/** Opens Spark sessions for jobs. Stateless. */
public final class Sessions {
    /** Settings that Delta Lake needs, and embedlake's functions. */
    private static final Map<String, String> DELTA = Map.of(
            "spark.sql.extensions",
            "io.delta.sql.DeltaSparkSessionExtension," + EmbedlakeExtensions.class.getName(),
            "spark.sql.catalog.spark_catalog",
            "org.apache.spark.sql.delta.catalog.DeltaCatalog");

    /**
     * Without the isolation of artifacts, which only Spark Connect needs, tasks see the files that a context ships, a model
     * among them (SPARK-53478), and find generated classes in this JVM, which halves the time of small jobs.
     */
    private static final Map<String, String> NO_ISOLATION = Map.of("spark.sql.artifact.isolation.enabled", "false");

    /**
     * What suits a single machine, where most tables are small and a person is watching. A job compiles some hundred classes,
     * more than Spark keeps by default. Every task that reads a Delta log would write Java code for its hundreds of nested columns
     * only to find it compiled already, two fifths of a small run's time: what is not compiled with a whole stage is interpreted. Delta
     * would look for the files of each version that it commits, to name them in a checksum from which it does not read them.
     */
    private static final Map<String, String> LOCAL = Map.ofEntries(
            Map.entry("spark.master", "local[*]"),
            Map.entry("spark.sql.shuffle.partitions", "8"),
            Map.entry("spark.databricks.delta.snapshotPartitions", "2"),
            Map.entry("spark.databricks.delta.stats.collect.using.tableSchema", "true"),
            Map.entry("spark.databricks.delta.allFilesInCrc.enabled", "false"),
            Map.entry("spark.sql.catalogImplementation", "in-memory"),
            Map.entry("spark.sql.codegen.cache.maxEntries", "2000"),
            Map.entry("spark.sql.codegen.factoryMode", "NO_CODEGEN"),
            Map.entry("spark.executor.heartbeatInterval", "2s"),
            Map.entry("spark.driver.host", "localhost"),
            Map.entry("spark.driver.bindAddress", "127.0.0.1"),
            Map.entry("spark.ui.showConsoleProgress", "false"));

    /** S3A repeats no vectored read whose connection is reset, but any other; and a local master repeats no task. */
    private static final String VECTORED_READS = "spark.hadoop.parquet.hadoop.vectored.io.enabled";

    /** The oldest line of Spark that has what embedlake uses. */
    private static final int LEAST = 4;

    private static final SharedResource<SparkSession> SESSION =
            new SharedResource<>(Sessions::isFirst, SparkSession::stop);

    private Sessions() {}

    /**
     * A session for as long as a command needs it. Confined to one thread; commands that run at the same time in one JVM share it.
     *
     * @param spark the session
     */
    public record Lease(SparkSession spark) implements AutoCloseable {
        @Override
        public void close() {
            SESSION.close(spark);
        }
    }

    /**
     * As {@link #open}; the session is stopped when its last lease is closed. A session that was opened elsewhere, such as a
     * notebook's, is not.
     */
    public static Lease lease(String name, Map<String, Setting> settings, Map<String, String> environment) {
        return new Lease(SESSION.open(() -> open(name, settings, environment)));
    }

    /**
     * A session whose Spark embedlake can run in.
     *
     * @return the session
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the cluster keeps Spark's own classes from code, or its Spark is older
     *     than the one that embedlake is built for
     */
    public static SparkSession usable(SparkSession spark) {
        requireUsable(() -> spark.sparkContext().version());
        return spark;
    }

    static void requireUsable(Supplier<String> version) {
        String found;
        try {
            found = version.get();
        } catch (Exception | LinkageError e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use this Spark session: it hides Spark's own classes from code, as serverless and standard (shared) clusters of"
                            + " Databricks and clients of Spark Connect do (embedlake runs on the driver and in Spark's tasks). Use a"
                            + " dedicated (single-user) or a job cluster.",
                    e);
        }
        if (Integer.parseInt(found.replaceFirst("[^0-9].*", "")) < LEAST) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use Spark " + found + ": embedlake is built for Spark " + LEAST
                            + " (older ones lack what it uses). Use a cluster with Spark " + LEAST + " or newer.");
        }
    }

    /** Whether Spark does not run here yet: neither a session nor a context without one, as platforms start it before a task. */
    private static boolean isFirst() {
        return SparkEnv.get() == null;
    }

    /**
     * The session of this JVM, or a new one. Settings of the job take precedence over the defaults here, and those of
     * spark-submit over both. An existing session gets the settings of the job and no defaults.
     *
     * @param settings of the job; secrets are resolved here and appear nowhere else
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when Spark is older than the oldest that embedlake is built for
     */
    public static SparkSession open(String name, Map<String, Setting> settings, Map<String, String> environment) {
        // Asked before anything that an older Spark lacks is touched.
        requireUsable(() -> org.apache.spark.package$.MODULE$.SPARK_VERSION());
        SparkSession.Builder builder = SparkSession.builder().appName("embedlake " + name);
        if (isFirst()) {
            DELTA.forEach((key, value) -> setDefault(builder, key, value));
            NO_ISOLATION.forEach((key, value) -> setDefault(builder, key, value));
            S3Settings.of().forEach((key, value) -> setDefault(builder, key, value));
            String master = System.getProperty("spark.master");
            if (master == null) {
                LOCAL.forEach((key, value) -> setDefault(builder, key, value));
            }
            if (master == null || master.startsWith("local")) {
                setDefault(builder, VECTORED_READS, "false");
            } else {
                setDefault(builder, "spark.plugins", LeasePlugin.class.getName());
            }
        }
        settings.forEach((key, setting) -> setDefault(builder, key, setting.resolve(environment, Files::readString)));
        return builder.getOrCreate();
    }

    private static void setDefault(SparkSession.Builder builder, String key, String value) {
        if (System.getProperty(key) == null) {
            builder.config(key, value);
        }
    }
}
