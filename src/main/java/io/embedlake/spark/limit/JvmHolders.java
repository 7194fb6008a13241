package io.embedlake.spark.limit;

import io.embedlake.provider.limit.Agenda;
import io.embedlake.provider.limit.AgendaThread;
import io.embedlake.provider.limit.Ask;
import io.embedlake.provider.limit.Lease;
import io.embedlake.provider.limit.LeaseChannel;
import io.embedlake.provider.limit.LeaseHolder;
import io.embedlake.provider.limit.LimitAuthority;
import io.embedlake.provider.limit.remote.LeaseCodec;
import io.embedlake.provider.limit.remote.LeaseServerCall;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.api.plugin.PluginContext;

/** The holders of a JVM: one for each limit, and one agenda for all of them. Thread-safe. */
final class JvmHolders {
    private static final JvmHolders SHARED = new JvmHolders();

    private final Map<SharedLimit, LeaseHolder> holders = new ConcurrentHashMap<>();
    private final Agenda agenda = new AgendaThread("embedlake-pace");
    private final Executor asking = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "embedlake-ask");
        thread.setDaemon(true);
        return thread;
    });

    /** Those of this JVM. */
    static JvmHolders shared() {
        return SHARED;
    }

    LeaseHolder holder(SharedLimit limit) {
        return holders.computeIfAbsent(
                limit, key -> new LeaseHolder(UUID.randomUUID().toString(), channel(key), agenda));
    }

    private LeaseChannel channel(SharedLimit limit) {
        LimitRoute route = limit.route();
        if (route instanceof LimitRoute.SameJvm) {
            return LeaseChannel.direct(ask -> DriverLimits.shared().exchange(limit.name(), ask));
        } else if (route instanceof LimitRoute.Share share) {
            LimitAuthority own =
                    new LimitAuthority(limit.limits().share(share.executors()), limit.pace(), System::nanoTime);
            return LeaseChannel.direct(own::exchange);
        } else if (route instanceof LimitRoute.Server server) {
            return remote(limit, new LeaseServerCall(server.host(), server.port(), server.token()));
        }
        PluginContext context = LeasePlugin.executor()
                .orElseThrow(() -> new IllegalStateException("this executor has not loaded " + LeasePlugin.class));
        return remote(limit, ask -> ask(context, ask));
    }

    private LeaseChannel remote(SharedLimit limit, UnaryOperator<byte[]> call) {
        Function<Ask, Lease> exchange = ask -> LeaseCodec.lease(call.apply(LeaseCodec.bytes(limit.name(), ask)));
        return LeaseChannel.blocking(exchange, asking);
    }

    private static byte[] ask(PluginContext context, byte[] ask) {
        try {
            return (byte[]) context.ask(ask);
        } catch (Exception e) {
            throw new IllegalStateException("the driver does not answer", e);
        }
    }
}
