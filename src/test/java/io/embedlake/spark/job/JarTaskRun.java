package io.embedlake.spark.job;

import io.embedlake.cli.JarTask;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** The main class of a platform that starts a context and calls tasks: {@code JarTaskRun COMMAND...} calls one that ends well and one that fails. */
final class JarTaskRun {
    private JarTaskRun() {}

    public static void main(String[] arguments) {
        SparkContext context = new SparkContext(new SparkConf()
                .setAppName("platform")
                .setMaster("local[2]")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.sql.shuffle.partitions", "1")
                .set("spark.databricks.delta.snapshotPartitions", "1")
                .set("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .set("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"));
        JarTask.main(arguments);
        try {
            JarTask.main(new String[] {"embed", "missing.yaml"});
        } catch (JarTask.Failure failure) {
            System.out.println(failure.getMessage());
        }
        System.out.println((context.isStopped() ? "stopped" : "running") + ", "
                + SparkSession.active().read().format("delta").load("target").count() + " rows");
        context.stop();
    }
}
