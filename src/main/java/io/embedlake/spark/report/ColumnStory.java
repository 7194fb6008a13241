package io.embedlake.spark.report;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.report.RunStory.Wave;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A column as far as a run got with it. Immutable. */
record ColumnStory(
        String name,
        String model,
        String fingerprint,
        InputKind inputs,
        long blank,
        long reused,
        long embedded,
        long rejected,
        String rejectedByKind,
        long tokens,
        long truncated,
        long split,
        Duration time,
        OptionalDouble usd,
        Optional<ReductionRecord> reduction,
        List<String> notes) {
    double textsPerSecond() {
        return embedded / Math.max(0.001, time.toMillis() / 1000.0);
    }

    String things() {
        return inputs + "s";
    }

    /** The columns of a run, of one that has failed too. */
    static List<ColumnStory> of(RunStory story) {
        if (!story.run().columns().isEmpty()) {
            return story.run().columns().stream()
                    .map(record -> done(record, story))
                    .toList();
        }
        return story.plan()
                .map(plan -> plan.columns().stream()
                        .map(column -> undone(column, story))
                        .toList())
                .orElseGet(List::of);
    }

    private static List<String> notes(RunStory story, String column) {
        return story.plan().stream()
                .flatMap(plan -> plan.columns().stream())
                .filter(planned -> planned.column().equals(column))
                .flatMap(planned -> planned.notes().stream())
                .toList();
    }

    private static ColumnStory done(ColumnRecord record, RunStory story) {
        String kinds = record.rejectedByKind().entrySet().stream()
                .map(kind -> Words.number(kind.getValue()) + " " + kind.getKey())
                .collect(Collectors.joining(", "));
        return new ColumnStory(
                record.column(),
                record.model(),
                record.fingerprint(),
                record.inputs(),
                record.blank(),
                record.alreadyEmbedded(),
                record.embedded(),
                record.rejected(),
                kinds.isEmpty() ? "" : " (by this run: " + kinds + ")",
                record.tokens(),
                record.truncated(),
                record.split(),
                record.embedTime(),
                record.cost().usd(),
                Optional.of(record.reduction()),
                notes(story, record.column()));
    }

    private static ColumnStory undone(WorkPlan.ColumnPlan plan, RunStory story) {
        List<CommittedWave> waves = waves(story, plan.column());
        return new ColumnStory(
                plan.column(),
                plan.model(),
                plan.fingerprint(),
                plan.inputs(),
                plan.counts().blank(),
                plan.counts().embedded(),
                waves.stream().mapToLong(CommittedWave::embedded).sum(),
                plan.counts().rejected()
                        + waves.stream().mapToLong(CommittedWave::rejected).sum(),
                "",
                waves.stream().mapToLong(CommittedWave::tokens).sum(),
                waves.stream().mapToLong(CommittedWave::truncated).sum(),
                0,
                waves.stream().map(CommittedWave::time).reduce(Duration.ZERO, Duration::plus),
                usd(waves),
                Optional.empty(),
                plan.notes());
    }

    /** The waves of a column that are in the store. */
    static List<CommittedWave> waves(RunStory story, String column) {
        return story.waves().stream()
                .map(Wave::wave)
                .filter(wave -> wave.column().equals(column))
                .toList();
    }

    private static OptionalDouble usd(List<CommittedWave> waves) {
        return waves.stream().allMatch(wave -> wave.usd().isPresent())
                ? OptionalDouble.of(
                        waves.stream().mapToDouble(wave -> wave.usd().orElse(0)).sum())
                : OptionalDouble.empty();
    }
}
