package io.embedlake.spark.job;

import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.Permit;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.limit.SharedLimit;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * The main class of a driver whose session somebody else has made: artifacts are isolated, and executors have not loaded the plugin that the
 * settings name. {@code ForeignSessionRun FILE} prints what a task reads of a model that is a file which only the driver sees, and the permit
 * that it gets.
 */
final class ForeignSessionRun {
    private ForeignSessionRun() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .appName("foreign")
                .master("local-cluster[2,1,1024]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.sql.artifact.isolation.enabled", "true")
                .getOrCreate()) {
            SparkContext context = spark.sparkContext();
            context.conf().set("spark.plugins", "io.embedlake.spark.limit.LeasePlugin");
            EmbedderSpec model = new EmbedderSpec(
                            "word-vectors", "words", Fingerprint.of(Map.of("model", "words")), Map.of())
                    .at(arguments[0]);
            ShippedModel.offer(context, model);
            try (LimitRoutes routes = new LimitRoutes(context, Pace.STRICT)) {
                SharedLimit limit = routes.share("some endpoint", Limits.NONE.withRequests(600));
                spark.range(0, 4, 1, 4)
                        .map(new Look(model, limit), Encoders.STRING())
                        .collectAsList()
                        .forEach(System.out::println);
            }
        }
    }

    /** Reads the model and waits for a permit. Immutable; runs on executors. */
    private record Look(EmbedderSpec model, SharedLimit limit) implements MapFunction<Long, String> {
        @Override
        public String call(Long number) throws Exception {
            Path file = Path.of(ShippedModel.localise(model).requiredModel());
            CompletableFuture<Permit> permit = new CompletableFuture<>();
            limit.holder().submit(new Cost(1, 1, 1), new RateLimiterClient.Turn() {
                @Override
                public void go(Permit given) {
                    permit.complete(given);
                }

                @Override
                public void fail(EmbedlakeException why) {
                    permit.completeExceptionally(why);
                }
            });
            return Files.readString(file).strip() + " with a permit for "
                    + permit.get(60, TimeUnit.SECONDS).cost().requests();
        }
    }
}
