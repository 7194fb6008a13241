package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four executors, JVMs of their own, share one limit: on a busy machine the shares of ten seconds are what can be seen to hold. */
@Tag("heavy")
class LeaseClusterIT {
    private static final int REQUESTS_A_MINUTE = 1200;
    private static final int SECONDS = 12;

    @TempDir
    static Path folder;

    @AutoClose
    private static SparkDistribution distribution;

    /** When a request was sent and arrived: the machine's clock is the same for all its JVMs. */
    private record Seen(long sentNanos, long arrivedNanos) {}

    private record Counted(String route, ConcurrentLinkedQueue<Seen> seen) {
        Counted(String route) {
            this(route, new ConcurrentLinkedQueue<>());
        }
    }

    @BeforeAll
    static void makeDistribution() throws Exception {
        distribution = SparkDistribution.make(folder.resolve("spark"));
    }

    @Test
    void noWindowHasMoreThanTheLimitAndMostOfItIsUsed() throws Exception {
        List<Counted> routes = List.of(new Counted("plugin"), new Counted("server"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            String[] path = exchange.getRequestURI().getPath().split("/");
            if (path.length == 3) {
                routes.get(path[1].equals("plugin") ? 0 : 1).seen().add(new Seen(Long.parseLong(path[2]), now));
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            System.out.print(TestJvm.run(
                            folder,
                            distribution.environment(),
                            List.of(),
                            "io.embedlake.spark.limit.LeaseCluster",
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/",
                            Integer.toString(REQUESTS_A_MINUTE),
                            Integer.toString(SECONDS))
                    .requireExit(0)
                    .out());
            routes.forEach(LeaseClusterIT::check);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void check(Counted route) {
        long[] sent = route.seen().stream().mapToLong(Seen::sentNanos).sorted().toArray();
        long[] arrived =
                route.seen().stream().mapToLong(Seen::arrivedNanos).sorted().toArray();
        double seconds = (sent[sent.length - 1] - sent[0]) / 1e9;
        double used = (sent.length - 1) / (seconds * REQUESTS_A_MINUTE / 60);
        System.out.printf(
                "LeaseClusterIT: %s, %d requests, at most %d sent and %d arrived within 1 s, %d sent and %d arrived within 10 s, %.1f %% used%n",
                route.route(),
                sent.length,
                most(sent, 1),
                most(arrived, 1),
                most(sent, 10),
                most(arrived, 10),
                100 * used);
        assertTrue(most(sent, 10) <= REQUESTS_A_MINUTE / 6, route.route());
        assertTrue(most(arrived, 10) <= REQUESTS_A_MINUTE / 6, route.route());
        // 97 % where threads wake up in time, as LeasesTest has it; this machine's six processes may share few cores.
        assertTrue(used >= 0.5, route.route() + " used " + used);
    }

    private static int most(long[] sorted, int seconds) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.length; last++) {
            while (sorted[first] <= sorted[last] - seconds * 1_000_000_000L) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
