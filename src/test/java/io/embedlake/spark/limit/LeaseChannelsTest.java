package io.embedlake.spark.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.Permit;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.spi.EmbedlakeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseChannelsTest {
    /** The driver of a cluster once asked the plugin of an executor, which it is not, and the run ended with an internal error. */
    @Test
    void driverThatTriesTheModelNeedsNeitherPluginNorServer() throws Exception {
        String run = "run of LeaseChannelsTest";
        DriverLimits.ofJvm().open(run, "endpoint of LeaseChannelsTest", Limits.NONE.withRequests(600), Pace.STRICT);
        try {
            for (LimitRoute route : new LimitRoute[] {
                new LimitRoute.Plugin(),
                new LimitRoute.Server("no.such.host.invalid", 1, "token"),
                new LimitRoute.SameJvm()
            }) {
                SharedLimit limit = new SharedLimit(run, "endpoint of LeaseChannelsTest", route);
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
                assertEquals(1, permit.get(60, TimeUnit.SECONDS).cost().requests());
            }
        } finally {
            DriverLimits.ofJvm().close(run);
        }
    }
}
