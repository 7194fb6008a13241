package io.embedlake.cli.doctor;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.pipeline.Probe;
import io.embedlake.spark.job.JobColumn;
import io.embedlake.spark.publish.TargetRules;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;

/** Looks at what a job needs: its source, target, store and models. Immutable. */
record JobChecks(JobSpec job, SparkChecks spark) {
    void addTo(Checks checks) {
        checks.add("source", this::source)
                .add("target", this::target)
                .add("store", () -> writable(job.target().store()));
        for (int i = 0; i < job.embeddings().size(); i++) {
            int number = i;
            EmbeddingSpec asked = job.embeddings().get(i);
            checks.add("model of " + asked.column(), () -> model(asked, number));
        }
    }

    private Finding source() {
        TableRef table = job.source().table();
        int columns = Failures.on("read the table " + table, "Check its name and that it can be read.", () -> {
            var rows = new Tables(spark.session()).read(table);
            rows.limit(1).collectAsList();
            return rows.columns().length;
        });
        return Finding.ok(table + " can be read, " + columns + " columns");
    }

    private Finding target() {
        TargetRules.require(new Tables(spark.session()), job);
        return writable(job.target().table());
    }

    private Finding writable(TableRef table) {
        new Tables(spark.session()).requireWritable(table);
        return Finding.ok(table + " can be written");
    }

    private Finding model(EmbeddingSpec asked, int number) {
        Platform platform = Platforms.named(asked.platform());
        if (platform instanceof FittedPlatform) {
            return Finding.ok(
                    platform.name() + " is fitted on the column by the first run; there is nothing to load before");
        }
        EmbeddingSpec embedding = platform.knows(InputKind.KEY) ? ofSource(asked, number) : asked;
        EmbedderSpec spec = platform.settle(platform.describe(embedding.request()), Device.CPU);
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            Probe.first(embedder);
            return Finding.ok(spec.label() + " loads, " + embedder.dimension() + " dimensions, fingerprint "
                    + spec.fingerprint().hash());
        }
    }

    /** Only the source says whether a column without more holds images; what is wrong with the source is another finding. */
    private EmbeddingSpec ofSource(EmbeddingSpec asked, int number) {
        try {
            return JobColumn.embedding(
                    asked,
                    SourceRows.read(new Tables(spark.session()), job).texts().get(number));
        } catch (EmbedlakeException e) {
            return asked;
        }
    }
}
