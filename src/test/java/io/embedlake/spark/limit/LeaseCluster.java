package io.embedlake.spark.limit;

import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A driver with four executors, which send as fast as one limit allows: {@code LeaseCluster ADDRESS REQUESTS_A_MINUTE SECONDS}, first over
 * the plugin, then over the server, as executors without the plugin do.
 */
public final class LeaseCluster {
    private static final int EXECUTORS = 4;

    private LeaseCluster() {}

    public static void main(String[] arguments) {
        String address = arguments[0];
        Limits limits = Limits.NONE.withRequests(Long.parseLong(arguments[1]));
        int seconds = Integer.parseInt(arguments[2]);
        run(conf().set("spark.plugins", LeasePlugin.class.getName()), "plugin", limits, address, seconds);
        run(conf(), "server", limits, address, seconds);
    }

    private static SparkConf conf() {
        return new SparkConf()
                .setAppName("leases")
                .setMaster("local-cluster[4,1,1024]")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s")
                .set("spark.locality.wait", "0");
    }

    private static void run(SparkConf conf, String way, Limits limits, String address, int seconds) {
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                LimitRoutes routes = new LimitRoutes(spark.sc(), Pace.LENIENT)) {
            run(spark, routes.share(way, limits), address + way + "/", seconds);
        }
    }

    private static void run(JavaSparkContext spark, SharedLimit limit, String address, int seconds) {
        // Executors begin with a warm JVM and at the same time.
        List<Integer> tasks = IntStream.range(0, EXECUTORS).boxed().toList();
        spark.parallelize(tasks, EXECUTORS)
                .mapPartitions(new SendAtPace(limit, address + "warm-up/", 2))
                .collect();
        List<String> said = spark.parallelize(tasks, EXECUTORS)
                .mapPartitions(new SendAtPace(limit, address, seconds))
                .collect();
        System.out.println(limit.name() + ": " + said);
    }
}
