package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchRun;
import io.embedlake.remote.batch.BatchSettings;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.batch.JournalEntry;
import io.embedlake.remote.platform.BatchOffer;
import io.embedlake.remote.platform.ProviderBatches;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.retry.Sleeper;
import io.embedlake.spark.batch.BatchOutcomes;
import io.embedlake.spark.batch.BatchTable;
import io.embedlake.spark.executor.Done;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.JobContext;
import io.embedlake.spark.run.TokenHistogram;
import io.embedlake.spark.store.CallCaps;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Embeds texts by the batch API of a provider, beside {@link WaveRunner}, which embeds them by calls. The driver writes the files and
 * waits; a batch that is done is committed to the store. What an earlier run left with the provider comes first. Confined to the driver.
 */
record BatchWaves(JobContext context, Spending spending, Sleeper sleeper) {
    /** Whether the job asks for batches of a model. */
    static boolean areAskedFor(EmbedderSpec spec) {
        return offer(spec).isPresent();
    }

    private static Optional<BatchOffer> offer(EmbedderSpec spec) {
        return ProviderPlatform.of(spec).flatMap(provider -> provider.batches(spec));
    }

    /** Whether the journal has open batches of a model; never in a job without batches. */
    boolean areOpen(EmbedderSpec spec) {
        return areAskedFor(spec) && !journal(spec).entries().isEmpty();
    }

    private BatchTable journal(EmbedderSpec spec) {
        String place = ProviderPlatform.of(spec).orElseThrow().place(spec);
        return new BatchTable(
                context.tables(),
                context.job().target().store(),
                spec.fingerprint(),
                place,
                context.run(),
                context.clock());
    }

    /** A plan's figures on batches; empty in a job without them. */
    Optional<WorkPlan.Batches> plan(EmbedderSpec spec) {
        return offer(spec).map(offer -> {
            List<JournalEntry> open = journal(spec).entries();
            long markers = open.stream().map(JournalEntry::marker).distinct().count();
            try (ProviderBatches batches = open(spec)) {
                BatchSettings settings = batches.settings(Path.of(""));
                BatchLimits limits = batches.api().limits().and(settings.limits());
                return new WorkPlan.Batches(limits.texts(), settings.atOnce(), offer.window(), markers, texts(open));
            }
        });
    }

    /** A note on open batches when the job itself uses none. */
    List<String> notes(EmbedderSpec spec) {
        boolean mayHaveBatches = !areAskedFor(spec)
                && ProviderPlatform.of(spec)
                        .filter(ProviderPlatform::hasBatches)
                        .isPresent();
        long texts = mayHaveBatches ? texts(journal(spec).entries()) : 0;
        return texts == 0
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "%,d texts are in batches of an earlier run: mode batch fetches them, mode stream pays for them again.",
                        texts));
    }

    private static long texts(List<JournalEntry> open) {
        return open.stream().mapToLong(entry -> entry.texts().size()).sum();
    }

    private ProviderBatches open(EmbedderSpec spec) {
        return ProviderPlatform.of(spec).orElseThrow().openBatches(spec, sleeper);
    }

    /**
     * Embeds all of the texts, after those of open batches.
     *
     * @param texts {@code content_hash, text, row_id}, each hash once
     * @throws EmbedlakeException {@link ErrorKind#EXHAUSTED} when the budget is used up or the time of a batch was over before all of
     *     its texts were done; what was done is kept
     */
    Done run(PlannedColumn planned, Dataset<Row> texts) {
        JobColumn column = planned.column();
        EmbedderSpec spec = column.spec();
        Instant begin = context.clock().instant();
        int dimension = spec.dimension().orElseThrow();
        BatchOutcomes outcomes =
                new BatchOutcomes(context.spark(), context.store(), spec, dimension, context.run(), texts);
        spending.requireLeft(spec);
        Path folder = folder();
        try (ProviderBatches batches = open(spec)) {
            new BatchRun(
                            batches.api(),
                            journal(spec),
                            batches.settings(folder),
                            spending.budget(spec),
                            new BatchProgress(planned, outcomes, context.clock(), context.observer()),
                            sleeper,
                            new SecureRandom())
                    .run(new Texts(texts.toLocalIterator(), batches), outcomes);
        } finally {
            delete(folder);
        }
        Duration time = Duration.between(begin, context.clock().instant());
        context.observer().committed(told(column, outcomes, time));
        outcomes.fault().ifPresent(why -> {
            throw why;
        });
        if (outcomes.left() > 0) {
            throw new EmbedlakeException(
                    ErrorKind.EXHAUSTED,
                    String.format(
                            Locale.ROOT,
                            "Cannot embed all texts of the column %s: %,d were not done when their batches ended (a batch has a"
                                    + " day). What was done is kept and paid for, the others are not: start the job again.",
                            column.name(),
                            outcomes.left()));
        }
        return new Done(
                outcomes.embedded(),
                outcomes.rejections(),
                outcomes.embedded(),
                outcomes.truncated(),
                0,
                outcomes.tokens(),
                0,
                CallCaps.NONE,
                time);
    }

    /** Batches are paced by the provider, and their answers are not read again to count lengths. */
    private CommittedWave told(JobColumn column, BatchOutcomes outcomes, Duration time) {
        return new CommittedWave(
                context.run().text(),
                column.name(),
                column.spec().inputs(),
                1,
                outcomes.embedded(),
                outcomes.rejections().texts(),
                outcomes.tokens(),
                outcomes.truncated(),
                TokenHistogram.NONE,
                Spending.charge(column.spec()).of(outcomes.tokens()),
                0,
                Duration.ZERO,
                time);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("embedlake-batches-");
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot make a folder for batches among the temporary files (" + e.getMessage()
                            + "). Check the rights and the space there, or set java.io.tmpdir.",
                    e);
        }
    }

    /** What a kill leaves in it is useless. */
    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }

    /** The texts of rows, in the form that is sent. */
    private record Texts(Iterator<Row> rows, ProviderBatches batches) implements Iterator<BatchText> {
        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public BatchText next() {
            Row row = rows.next();
            return batches.text(row.getString(0), row.getString(1));
        }
    }
}
