package io.embedlake.cli.doctor;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.pipeline.Probe;
import io.embedlake.spark.publish.TargetRules;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import java.util.List;

/** Looks at what a job needs: its source, target, store and models. Immutable. */
record JobChecks(JobSpec job, SparkChecks spark) {
    private static final List<String> PROBE = List.of("A text to try the model with.");

    void addTo(Checks checks) {
        checks.add("source", this::source)
                .add("target", this::target)
                .add("store", () -> writable(job.target().store()));
        for (EmbeddingSpec embedding : job.embeddings()) {
            checks.add("model of " + embedding.column(), () -> model(embedding));
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

    private static Finding model(EmbeddingSpec embedding) {
        Platform platform = Platforms.named(embedding.platform());
        if (platform instanceof FittedPlatform) {
            return Finding.ok(
                    platform.name() + " is fitted on the column by the first run; there is nothing to load before");
        }
        EmbedderSpec spec = platform.settle(platform.describe(embedding.request()), Device.CPU);
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            Probe.embed(embedder, PROBE);
            return Finding.ok(spec.label() + " loads, " + embedder.dimension() + " dimensions, fingerprint "
                    + spec.fingerprint().hash());
        }
    }
}
