package io.embedlake.spark.job;

import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * Has Spark read columnar files in small batches while it is open: a batch of 4,096 images would not fit into memory. The setting is the
 * session's: it is restored when the last of several jobs is done. Thread-safe.
 */
public final class SmallReads implements AutoCloseable {
    /** The last keeps Parquet from holding two groups of rows at a time, of 128 MB each. */
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.parquet.columnarReaderBatchSize", "32",
            "spark.sql.orc.columnarReaderBatchSize", "32",
            "parquet.hadoop.vectored.io.enabled", "false");

    private static final Map<SparkSession, Open> OPEN = new WeakHashMap<>();

    private final Optional<SparkSession> session;

    private SmallReads(Optional<SparkSession> session) {
        this.session = session;
    }

    /** The jobs that need it, and what was set before the first. */
    private static final class Open {
        private final Map<String, String> before = new HashMap<>();
        private int jobs;
    }

    /** Changes nothing where the source has no column of large inputs. */
    public static SmallReads of(SparkSession session, SourceRows source) {
        boolean isNeeded = source.texts().stream().anyMatch(SourceText::isLarge);
        SmallReads reads = new SmallReads(Optional.of(session).filter(spark -> isNeeded));
        reads.session.ifPresent(SmallReads::begin);
        return reads;
    }

    private static void begin(SparkSession spark) {
        synchronized (OPEN) {
            Open open = OPEN.computeIfAbsent(spark, first -> new Open());
            if (open.jobs++ == 0) {
                SETTINGS.forEach((name, value) -> {
                    spark.conf().getOption(name).foreach(before -> open.before.put(name, before));
                    spark.conf().set(name, value);
                });
            }
        }
    }

    @Override
    public void close() {
        session.ifPresent(SmallReads::end);
    }

    private static void end(SparkSession spark) {
        synchronized (OPEN) {
            Open open = OPEN.get(spark);
            if (--open.jobs == 0) {
                OPEN.remove(spark);
                SETTINGS.keySet().forEach(name -> {
                    spark.conf().unset(name);
                    if (open.before.containsKey(name)) {
                        spark.conf().set(name, open.before.get(name));
                    }
                });
            }
        }
    }
}
