package io.embedlake.spark.sql;

import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Makes a session the active one of a thread for a while: Delta Lake asks for it, and a thread of a pool may have none, or another one.
 * Confined to the thread.
 *
 * @param before the one that is active again at the end
 */
public record ActiveSession(Option<SparkSession> before) implements AutoCloseable {
    public static ActiveSession of(SparkSession spark) {
        ActiveSession active = new ActiveSession(SparkSession.getActiveSession());
        SparkSession.setActiveSession(spark);
        return active;
    }

    @Override
    public void close() {
        if (before.isDefined()) {
            SparkSession.setActiveSession(before.get());
        } else {
            SparkSession.clearActiveSession();
        }
    }
}
