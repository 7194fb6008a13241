package io.embedlake.spark.store;

import java.lang.reflect.InvocationTargetException;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/** Calls of a Delta log that have another parameter since Delta Lake 4.1. Stateless. */
final class DeltaLogCalls {
    private DeltaLogCalls() {}

    /** A version of the table. */
    static Snapshot at(DeltaLog log, long version) {
        try {
            return log.getSnapshotAt(version, Option.empty(), Option.empty(), false);
        } catch (NoSuchMethodError e) {
            return (Snapshot) ofDelta40(
                    log,
                    "getSnapshotAt",
                    new Class<?>[] {long.class, Option.class, Option.class},
                    version,
                    Option.empty(),
                    Option.empty());
        }
    }

    /**
     * The commits from one version to another, each with its number.
     *
     * @throws RuntimeException when the log no longer has all of them
     */
    @SuppressWarnings("unchecked")
    static Iterator<Tuple2<Object, Seq<Action>>> changes(DeltaLog log, long from, long upTo) {
        try {
            return log.getChanges(from, upTo, Option.empty(), true);
        } catch (NoSuchMethodError e) {
            return (Iterator<Tuple2<Object, Seq<Action>>>) ofDelta40(
                    log, "getChanges", new Class<?>[] {long.class, long.class, boolean.class}, from, upTo, true);
        }
    }

    private static Object ofDelta40(DeltaLog log, String name, Class<?>[] types, Object... values) {
        try {
            return DeltaLog.class.getMethod(name, types).invoke(log, values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
