package io.embedlake.sql;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.embedlake.EmbedJob;
import io.embedlake.RunOptions;
import io.embedlake.RunReport;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The runs that procedures have under way, for those who wait for one in another client. Thread-safe. */
final class RunsUnderWay {
    private static final StructType PROGRESS = new StructType()
            .add("job", StringType)
            .add("phase", StringType)
            .add("column", StringType)
            .add("texts", LongType)
            .add("total", LongType)
            .add("tokens", LongType)
            .add("seconds", DoubleType)
            .add("line", StringType);

    private final List<RunUnderWay> runs = new CopyOnWriteArrayList<>();

    /** Runs a job, which can be followed meanwhile. */
    RunReport run(SparkSession spark, EmbedJob job, RunOptions options) {
        RunUnderWay run = new RunUnderWay(spark, job.name());
        runs.add(run);
        try {
            return job.run(options.observer(run));
        } finally {
            runs.remove(run);
        }
    }

    /** How far the runs of a session are. */
    ResultTable of(SparkSession spark) {
        return ResultTable.of(
                PROGRESS,
                runs.stream()
                        .filter(run -> run.spark == spark)
                        .map(RunUnderWay::row)
                        .toList());
    }

    /** A run and how far it is. Thread-safe. */
    private static final class RunUnderWay implements JobObserver {
        private final SparkSession spark;
        private final String job;
        private String phase = "Starting";
        private Optional<Progress> progress = Optional.empty();

        RunUnderWay(SparkSession spark, String job) {
            this.spark = spark;
            this.job = job;
        }

        @Override
        public synchronized void phase(String what) {
            phase = what;
            progress = Optional.empty();
        }

        @Override
        public synchronized void progress(Progress now) {
            progress = Optional.of(now);
        }

        synchronized Row row() {
            return RowFactory.create(
                    job,
                    phase,
                    progress.map(Progress::column).orElse(null),
                    progress.map(Progress::texts).orElse(null),
                    progress.map(Progress::total).orElse(null),
                    progress.map(Progress::tokens).orElse(null),
                    progress.map(now -> now.elapsed().toMillis() / 1000.0).orElse(null),
                    progress.map(Progress::line).orElse(phase));
        }
    }
}
