package io.embedlake.spark.limit;

import java.io.Serializable;

/** How an executor comes by its permits. Immutable; travels to executors. */
public sealed interface LimitRoute extends Serializable {
    /** The driver is this JVM. */
    record SameJvm() implements LimitRoute {}

    /** Over Spark's own connection alone, with {@link LeasePlugin}: no server could be opened. */
    record Plugin() implements LimitRoute {}

    /**
     * Over Spark's own connection where the executor has loaded {@link LeasePlugin}, else from a server on the driver.
     *
     * @param host the driver's address as executors see it
     * @param port of the server
     * @param token the server's secret
     */
    record Server(String host, int port, String token) implements LimitRoute {
        /** Without the token. */
        @Override
        public String toString() {
            return "lease server " + host + ":" + port;
        }
    }
}
