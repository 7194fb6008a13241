package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.TargetSpec;
import io.embedlake.local.files.CacheFolder;
import io.embedlake.spark.executor.DescribedModel;
import io.embedlake.spark.ml.ModelFitter;
import io.embedlake.spark.ml.ModelFitters;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.ModelStore;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FileHashes;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Describes the models of a job's embeddings; finds or fits models that are fitted on the column. Confined to the driver; one job
 * an instance.
 *
 * <p>A fitted model lives in the store. It is written to a file of this machine's cache, and goes to executors as any model file does.
 */
public final class FittedModels {
    /** Any will do, as long as it stays: the same sample gives the same model. */
    private static final long SEED = 20_261_122;

    private static final double COUNT_ERROR = 0.02;

    private final Tables tables;
    private final TargetSpec target;
    private final ModelStore models;

    public FittedModels(Tables tables, TargetSpec target) {
        this.tables = tables;
        this.target = target;
        this.models = new ModelStore(tables, target.store());
    }

    /**
     * The spec of an embedding; a provisional one when its model is still to be fitted.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model cannot be found or used, {@link ErrorKind#STORAGE}
     *     when it cannot be copied
     */
    public EmbedderSpec describe(EmbeddingSpec embedding) {
        Platform platform = Platforms.named(embedding.platform());
        if (!(platform instanceof FittedPlatform fitted)) {
            return DescribedModel.of(
                    tables.spark().sparkContext().hadoopConfiguration(), embedding.platform(), embedding.request());
        }
        EmbedderRequest request = embedding.request();
        ModelStore.Scope scope = scope(embedding, fitted);
        return models.latest(scope)
                .map(model -> fitted.describe(request, file(scope, model)))
                .orElseGet(() -> fitted.describe(request));
    }

    /**
     * An embedding as it made a column, where only the column's source says that its attribute holds images.
     *
     * @param made the column's fingerprint
     */
    public EmbeddingSpec ofColumn(EmbeddingSpec asked, String made) {
        boolean mayBeOfImages =
                asked.input().isEmpty() && Platforms.named(asked.platform()).knows(InputKind.KEY);
        if (!mayBeOfImages) {
            return asked;
        }
        try {
            EmbeddingSpec ofImages = asked.ofImages();
            return SettledSpec.known(describe(ofImages), made).isPresent() ? ofImages : asked;
        } catch (EmbedlakeException e) {
            // A model of texts.
            return asked;
        }
    }

    /**
     * The same columns, with a model that is fitted and saved in place of each provisional one.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column's texts are too few, or do not suit the platform
     */
    List<JobColumn> fitted(List<JobColumn> columns, JobContext context) {
        return columns.stream().map(column -> fitted(column, context)).toList();
    }

    private JobColumn fitted(JobColumn column, JobContext context) {
        if (!FittedPlatform.isProvisional(column.spec())) {
            return column;
        }
        EmbeddingSpec embedding = column.embedding();
        context.observer().phase("Fitting " + embedding.platform() + " for " + embedding.column());
        fit(embedding, column.text().texts().drop(SourceText.ROW_ID), context.run(), context.clock());
        return column.with(describe(embedding));
    }

    private void fit(EmbeddingSpec embedding, Dataset<Row> texts, RunId run, Clock clock) {
        FittedPlatform platform = (FittedPlatform) Platforms.named(embedding.platform());
        String what = "fit the model of the column " + embedding.column();
        Failures.on(what, "Check the source, and start the job again.", () -> {
            Dataset<Row> sample = sample(embedding, texts).persist(StorageLevel.MEMORY_AND_DISK());
            try {
                long rows = sample.count();
                if (rows == 0) {
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot " + what + ": the source of " + target.table()
                                    + " has no text for it (the platform "
                                    + embedding.platform()
                                    + " is fitted on the column's own texts). Start the job when there are some.");
                }
                byte[] model = ModelFitters.of(platform).fit(embedding.request(), sample, SEED);
                models.saveFirst(scope(embedding, platform), model, rows, run, clock.instant());
            } finally {
                sample.unpersist(false);
            }
        });
    }

    /** About the requested number of distinct texts: those whose hashes are below a bound. */
    private static Dataset<Row> sample(EmbeddingSpec embedding, Dataset<Row> texts) {
        long wanted = embedding.request().number(FittedPlatform.FIT_ROWS).orElse(FittedPlatform.DEFAULT_FIT_ROWS);
        long distinct = texts.agg(approx_count_distinct(col(ModelFitter.HASH), COUNT_ERROR))
                .first()
                .getLong(0);
        // A count that is wrong by its error must not cost a small table some of its texts.
        boolean all = distinct <= wanted * (1 + 5 * COUNT_ERROR);
        return (all ? texts : texts.where(HashSample.of(wanted, distinct))).dropDuplicates(ModelFitter.HASH);
    }

    private ModelStore.Scope scope(EmbeddingSpec embedding, FittedPlatform platform) {
        return new ModelStore.Scope(
                target.table(), embedding.column(), platform.name(), platform.fitting(embedding.request()));
    }

    /** The model's file on this machine; written atomically, and rewritten when it was changed. */
    private Path file(ModelStore.Scope scope, ModelStore.Versioned model) {
        Path file = CacheFolder.of(System.getenv())
                .resolve("fitted")
                .resolve(model.sha256() + ".model")
                .toAbsolutePath();
        try {
            if (!Files.exists(file) || !FileHashes.of(file).equals(model.sha256())) {
                Files.createDirectories(file.getParent());
                Path partial = Files.createTempFile(file.getParent(), "partial-", ".model");
                Files.write(partial, models.bytes(scope, model));
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot write the fitted model of the column " + scope.column() + " to " + file + " ("
                            + e.getMessage() + "). Make room there, or set EMBEDLAKE_CACHE to another folder.",
                    e);
        }
    }
}
