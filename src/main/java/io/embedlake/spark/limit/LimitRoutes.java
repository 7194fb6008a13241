package io.embedlake.spark.limit;

import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.limit.Traffic;
import io.embedlake.remote.limit.remote.LeaseServer;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Shares the limits of a run out to executors, over the best way that there is. Confined to one thread; closed by its owner at the end
 * of the run.
 */
public final class LimitRoutes implements AutoCloseable {
    private static final int TOKEN_BYTES = 32;

    private final SparkContext spark;
    private final Pace pace;
    private final String run = UUID.randomUUID().toString();
    private Optional<LeaseServer> server = Optional.empty();
    private Optional<LimitRoute> route = Optional.empty();

    /** Nothing is shared yet. */
    public LimitRoutes(SparkContext spark, Pace pace) {
        this.spark = spark;
        this.pace = pace;
    }

    /**
     * Shares a limit from now on, over the best way that there is.
     *
     * @param name identifies endpoint and key; never a secret
     */
    public SharedLimit share(String name, Limits limits) {
        LimitRoute way = route.orElseGet(this::best);
        route = Optional.of(way);
        DriverLimits.ofJvm().open(run, name, limits, pace);
        return new SharedLimit(run, name, way);
    }

    /** What the run has sent so far; nothing after its end. */
    public Traffic traffic() {
        return DriverLimits.ofJvm().traffic(run);
    }

    private LimitRoute best() {
        if (spark.isLocal()) {
            return new LimitRoute.SameJvm();
        }
        return openServer(spark.conf());
    }

    private static boolean isPluginLoaded(SparkConf conf) {
        return Arrays.asList(conf.get("spark.plugins", "").split("\\s*,\\s*")).contains(LeasePlugin.class.getName());
    }

    /** Where Spark itself listens. Executors may lack the plugin that the settings name, so there is always a server. */
    private LimitRoute openServer(SparkConf conf) {
        String host = conf.get("spark.driver.host");
        String bind = conf.get("spark.driver.bindAddress", host);
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        try {
            LeaseServer opened = new LeaseServer(InetAddress.getByName(bind), token, DriverLimits.ofJvm()::exchange);
            server = Optional.of(opened);
            return new LimitRoute.Server(host, opened.port(), token);
        } catch (IOException e) {
            if (isPluginLoaded(conf)) {
                return new LimitRoute.Plugin();
            }
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot share the provider's limit among executors: " + bind + " (" + e.getMessage()
                            + "). Load the plugin " + LeasePlugin.class.getName() + " with spark.plugins.",
                    e);
        }
    }

    @Override
    public void close() {
        server.ifPresent(LeaseServer::close);
        server = Optional.empty();
        route = Optional.empty();
        DriverLimits.ofJvm().close(run);
    }
}
