package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.executor.EmbedCounters;
import io.embedlake.spark.executor.EmbedPartition;
import io.embedlake.spark.executor.EmbedderLoader;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.executor.WaveOutcomes;
import io.embedlake.spark.source.InputForm;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.spool.WaveLog;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * The main class of a JVM with a small heap that sends all texts of a job's source through the embedding stage in one
 * partition, as a wave does. {@link WaveRunner} itself would cut them into several.
 */
final class OnePartitionRun {
    private OnePartitionRun() {}

    /** Runs the job file that it is given and prints how many vectors were stored. */
    public static void main(String[] arguments) throws IOException {
        JobSpec job = JobFile.load(
                Path.of(arguments[0]), List.of(), Map.of(), Path.of("").toAbsolutePath());
        try (SparkSession spark = Sessions.open(job.job(), job.spark(), Map.of())) {
            Tables tables = new Tables(spark);
            EmbeddingSpec embedding = job.embeddings().get(0);
            EmbedderSpec spec = Platforms.named(embedding.platform()).describe(embedding.request());
            VectorStore store = new VectorStore(tables, job.target().store());
            store.create(List.of(spec));
            Dataset<Row> texts = SourceRows.read(tables, job).texts().get(0).texts();
            JavaRDD<Row> partition = texts.repartition(1)
                    .sortWithinPartitions("text", "content_hash")
                    .toJavaRDD();
            JavaRDD<Row> outcomes = partition
                    .mapPartitions(new EmbedPartition(
                            new LoadedModel(
                                    spec, new EmbedderLoader.Plain(), ReferenceVectorCheck.OPEN, embedding.compute()),
                            new InputForm.Texts(),
                            EmbedCounters.register(spark.sparkContext()),
                            WaveLog.NOTHING))
                    .persist(StorageLevel.DISK_ONLY());
            store.append(WaveOutcomes.table(spark, outcomes), spec, new RunId("test"), 1);
            System.out.println(outcomes.getNumPartitions() + " partition, "
                    + tables.read(job.target().store()).count() + " vectors");
        }
    }
}
