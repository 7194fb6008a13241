package io.embedlake.spark.metrics;

import io.embedlake.cli.Main;
import io.embedlake.config.Setting;
import io.embedlake.spark.Sessions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * The main class of a driver with a UI: {@code MetricsRun JOB} runs a job and prints what Prometheus gets from Spark's own sink afterwards.
 */
final class MetricsRun {
    private MetricsRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, Setting> settings = new TreeMap<>();
        Map.of(
                        "spark.ui.port", "0",
                        "spark.metrics.namespace", "lake",
                        "spark.metrics.conf.driver.sink.prometheusServlet.class",
                                "org.apache.spark.metrics.sink.PrometheusServlet",
                        "spark.metrics.conf.driver.sink.prometheusServlet.path", "/metrics/prometheus")
                .forEach((key, value) -> settings.put(key, new Setting.Literal(value, value)));
        try (SparkSession spark = Sessions.open("metrics", settings, Map.of())) {
            int exitCode = Main.run(Map.of(), System.err, System.err, "embed", arguments[0]);
            if (exitCode != 0) {
                System.exit(exitCode);
            }
            URI address = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
            System.out.print(HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }
}
