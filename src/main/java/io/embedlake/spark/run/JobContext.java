package io.embedlake.spark.run;

import io.embedlake.config.JobSpec;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.time.Clock;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What all steps of a run share. Immutable; confined to the driver.
 *
 * @param tables reads and writes tables
 * @param job the job's specification
 * @param store the vectors of the job's store
 * @param run names the run
 * @param clock the time
 * @param observer receives the progress
 */
public record JobContext(Tables tables, JobSpec job, VectorStore store, RunId run, Clock clock, JobObserver observer) {
    public JobContext(SparkSession spark, JobSpec job, RunId run, Clock clock, JobObserver observer) {
        this(Tables.ofRun(spark), job, run, clock, observer);
    }

    private JobContext(Tables tables, JobSpec job, RunId run, Clock clock, JobObserver observer) {
        this(tables, job, new VectorStore(tables, job.target().store()), run, clock, observer);
    }

    public SparkSession spark() {
        return tables.spark();
    }

    public SparkContext sparkContext() {
        return spark().sparkContext();
    }

    /** The newest versions of the job's tables. */
    public TableVersions newestVersions() {
        return TableVersions.newest(
                tables, job.source().table(), job.target().table(), job.target().store());
    }

    /** The runs of the job's store. */
    public RunLog runs() {
        return new RunLog(tables, job.target().store());
    }

    /** How many tasks run at once. */
    public Slots slots() {
        return Slots.of(sparkContext());
    }
}
