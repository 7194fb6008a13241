package io.embedlake.spark.limit;

import io.embedlake.remote.limit.Ask;
import io.embedlake.remote.limit.EventLoop;
import io.embedlake.remote.limit.EventLoopThread;
import io.embedlake.remote.limit.Lease;
import io.embedlake.remote.limit.LeaseChannel;
import io.embedlake.remote.limit.remote.LeaseCodec;
import io.embedlake.remote.limit.remote.LeaseServerCall;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.api.plugin.PluginContext;

/** How clients reach the driver, and the threads that they do it on: all clients of a JVM share the threads, and nothing else. Stateless. */
final class LeaseChannels {
    private static final EventLoop AGENDA = new EventLoopThread("embedlake-pace");
    private static final Executor ASKING = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "embedlake-ask");
        thread.setDaemon(true);
        return thread;
    });

    private LeaseChannels() {}

    static EventLoop eventLoop() {
        return AGENDA;
    }

    static LeaseChannel to(SharedLimit limit) {
        LimitRoute route = limit.route();
        // A cluster's driver tries the model before its executors, and is none of them: it has no plugin to ask.
        if (route instanceof LimitRoute.SameJvm || DriverLimits.ofJvm().isOpen(limit.run(), limit.name())) {
            return LeaseChannel.direct(ask -> DriverLimits.ofJvm().exchange(limit.run(), limit.name(), ask));
        } else if (route instanceof LimitRoute.Server server) {
            UnaryOperator<byte[]> call = new LeaseServerCall(server.host(), server.port(), server.token());
            return remote(
                    limit,
                    LeasePlugin.executor()
                            .map(LeaseChannels::plugin)
                            .map(plugin -> firstOf(plugin, call))
                            .orElse(call));
        }
        return remote(
                limit,
                LeasePlugin.executor()
                        .map(LeaseChannels::plugin)
                        .orElseThrow(() -> new IllegalStateException("neither a server nor " + LeasePlugin.class)));
    }

    private static LeaseChannel remote(SharedLimit limit, UnaryOperator<byte[]> call) {
        Function<Ask, Lease> exchange =
                ask -> LeaseCodec.lease(call.apply(LeaseCodec.bytes(limit.run(), limit.name(), ask)));
        return LeaseChannel.blocking(exchange, ASKING);
    }

    /** What one cannot answer the other may; permits that were given twice are lost. */
    static UnaryOperator<byte[]> firstOf(UnaryOperator<byte[]> one, UnaryOperator<byte[]> other) {
        return ask -> {
            try {
                return one.apply(ask);
            } catch (RuntimeException e) {
                return other.apply(ask);
            }
        };
    }

    private static UnaryOperator<byte[]> plugin(PluginContext context) {
        return ask -> {
            try {
                return (byte[]) context.ask(ask);
            } catch (Exception e) {
                throw new IllegalStateException("the driver does not answer", e);
            }
        };
    }
}
