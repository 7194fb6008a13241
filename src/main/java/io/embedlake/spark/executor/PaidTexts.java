package io.embedlake.spark.executor;

import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.spool.Attempts;
import io.embedlake.spark.spool.Leftover;
import io.embedlake.spark.spool.PaidText;
import io.embedlake.spark.spool.SegmentReader;
import io.embedlake.spark.spool.Spool;
import io.embedlake.spark.spool.WaveLog;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/**
 * Keeps what a run pays for while a wave is not committed, and brings what an interrupted run has left to the store. Confined to the
 * driver; one run an instance, which closes it. Without a folder that it can write, spooling is off, and a warning is reported.
 */
public final class PaidTexts implements AutoCloseable {
    private static final StructType SCHEMA = StructType.fromDDL(
            "content_hash STRING, vector ARRAY<FLOAT>, dimension INT, tokens INT, truncated BOOLEAN");

    private final SparkSession spark;
    private final VectorStore store;
    private final RunId run;
    private final Clock clock;
    private final JobObserver observer;
    private Optional<Spool> spool = Optional.empty();
    private boolean isWatching;

    public PaidTexts(SparkSession spark, VectorStore store, RunId run, Clock clock, JobObserver observer) {
        this.spark = spark;
        this.store = store;
        this.run = run;
        this.clock = clock;
        this.observer = observer;
    }

    private static boolean isPaid(EmbedderSpec spec) {
        return ProviderPlatform.of(spec).isPresent() && !spec.granularity().hasSpans();
    }

    /** How the tasks of a wave keep what they pay for. */
    public WaveLog open(EmbedderSpec spec, long wave) {
        if (!isPaid(spec)) {
            return WaveLog.NOTHING;
        }
        try {
            return spool().open(spec.fingerprint(), wave);
        } catch (IOException | RuntimeException e) {
            observer.phase("Answers cannot be kept beside the store (" + e.getMessage()
                    + "): what is paid for in a wave is paid for again when it is interrupted");
            return WaveLog.NOTHING;
        }
    }

    /** The wave is committed: it needs nothing that was kept. */
    public void committed(EmbedderSpec spec, long wave) {
        if (isPaid(spec)) {
            try {
                spool().remove(spec.fingerprint(), wave);
            } catch (IOException e) {
                // The next run finds the texts in the store, and removes the files.
                observer.phase("Answers that are in the store now could not be removed (" + e.getMessage() + ")");
            }
        }
    }

    /**
     * Commits what waves of earlier runs have paid for.
     *
     * @param wave the number of the commit
     * @return whether there was something
     */
    public boolean recover(EmbedderSpec spec, long wave) {
        if (!isPaid(spec)) {
            return false;
        }
        try (Leftover left = spool().claim(spec.fingerprint(), this::watch)) {
            left.running()
                    .forEach(other ->
                            observer.phase("The run " + other + " still goes on: what it has paid for is left to it"));
            boolean hasFiles = !left.files().isEmpty();
            if (hasFiles) {
                observer.phase("Saving what an interrupted run has paid for");
                Failures.on(
                        "save what an interrupted run has paid for",
                        "It is kept: start the job again when the storage answers.",
                        () -> store.append(unsaved(spec, left.files()), spec, run, wave));
            }
            left.remove();
            return hasFiles;
        } catch (AccessControlException e) {
            observer.phase("What an interrupted run has paid for cannot be read (" + e.getMessage() + ")");
            return false;
        } catch (IOException | UncheckedIOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot look for what an interrupted run has paid for beside the store: " + e.getMessage()
                            + " (it would be paid for again). It is kept: start the job again when the storage answers.",
                    e);
        }
    }

    private void watch(Duration time) {
        if (!isWatching) {
            observer.phase("Waiting to see whether another run on this store still goes on");
            isWatching = true;
        }
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot go on: the job was interrupted.", e);
        }
    }

    private Dataset<Row> unsaved(EmbedderSpec spec, List<String> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int parts = Math.min(files.size(), Math.max(1, context.defaultParallelism()));
        return spark.createDataFrame(context.parallelize(files, parts).flatMap(new Read(spool().reader())), SCHEMA)
                .dropDuplicates(VectorStore.CONTENT_HASH)
                .join(store.embeddedHashes(spec), new String[] {VectorStore.CONTENT_HASH}, "left_anti");
    }

    private Spool spool() {
        if (spool.isEmpty()) {
            boolean isSpeculative = spark.sparkContext().conf().getBoolean("spark.speculation", false);
            spool = Optional.of(new Spool(
                    store.location(),
                    spark.sessionState().newHadoopConf(),
                    run,
                    isSpeculative ? Attempts.SPECULATIVE : Attempts.IN_TURN,
                    clock));
        }
        return spool.get();
    }

    /** All waves are over: what they left is for the next run. */
    @Override
    public void close() {
        spool.ifPresent(Spool::close);
    }

    /** A file to its rows. Immutable; runs on executors. */
    private record Read(SegmentReader files) implements FlatMapFunction<String, Row> {
        @Override
        public Iterator<Row> call(String file) {
            return files.read(file).stream().map(Read::row).iterator();
        }

        private static Row row(PaidText text) {
            return RowFactory.create(
                    text.hash(),
                    new ArraySeq.ofFloat(text.vector()),
                    text.vector().length,
                    text.tokens(),
                    text.truncated());
        }
    }
}
