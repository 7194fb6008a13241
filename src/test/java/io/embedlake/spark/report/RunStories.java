package io.embedlake.spark.report;

import io.embedlake.ivf.RecallCurve;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.reduce.quality.Quality;
import io.embedlake.spark.report.RunStory.Ending;
import io.embedlake.spark.report.RunStory.Pace;
import io.embedlake.spark.report.RunStory.Wave;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.TokenHistogram;
import io.embedlake.spark.search.ColumnSample;
import io.embedlake.spark.search.ColumnSample.NearRow;
import io.embedlake.spark.search.ColumnSample.SampledRow;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunCost;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spark.store.TableVersions;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Stories of runs that never were. Stateless. */
final class RunStories {
    private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");

    private RunStories() {}

    static RunRecord record() {
        ColumnRecord column = new ColumnRecord(
                "vector",
                "openai text-embedding-3-small",
                "f00",
                InputKind.TEXT,
                new ReductionRecord(
                        "pca-64 v1",
                        0.912,
                        Optional.of(new Quality(1000, 100, 256, 0.81, 0.853, 0.9, 0.99, 0.97)),
                        OptionalDouble.of(1.3)),
                7,
                12,
                1500,
                400,
                1090,
                10,
                Map.of(ErrorKind.INVALID_INPUT, 9L, ErrorKind.TRANSIENT, 1L),
                1090,
                25,
                0,
                21_800,
                0,
                Map.of(),
                Duration.ofSeconds(20),
                new RunCost(OptionalDouble.of(0.4360), 100, OptionalDouble.of(0.002)));
        return record(List.of(column), Optional.empty());
    }

    static RunRecord record(List<ColumnRecord> columns, Optional<String> failure) {
        return new RunRecord(
                new RunId("20261129-120000-1a2b3c4d"),
                "reviews <b>",
                BEGIN,
                Duration.ofSeconds(75),
                "delta.`reviews`",
                "delta.`reviews`",
                TableVersions.UNKNOWN,
                columns.isEmpty() ? 0 : 1600,
                columns.isEmpty() ? 0 : 1490,
                columns,
                failure,
                Map.of("spark", "4.1.0", "embedlake", "0.1.0"),
                Map.of("embeddings[0].limits.max-cost", "2.5", "embeddings[0].column", "vector"),
                columns.isEmpty() ? "" : "all rows, because the run was asked to");
    }

    static Wave wave(long number, long embedded) {
        TokenHistogram.Counter lengths = new TokenHistogram.Counter();
        for (int i = 0; i < embedded; i++) {
            lengths.add(5 + i % 60);
        }
        return new Wave(
                new CommittedWave(
                        "20261129-120000-1a2b3c4d",
                        "vector",
                        InputKind.TEXT,
                        number,
                        embedded,
                        5,
                        20 * embedded,
                        12,
                        lengths.counted(),
                        OptionalDouble.of(0.2180),
                        30,
                        Duration.ofMillis(1250),
                        Duration.ofSeconds(10)),
                BEGIN.plusSeconds(10 * number));
    }

    static WorkPlan plan() {
        return new WorkPlan(
                "reviews <b>",
                "delta.`reviews`",
                "delta.`reviews`",
                "store",
                1600,
                "the rows that have changed since version 7",
                List.of(new WorkPlan.ColumnPlan(
                        "vector",
                        "text",
                        "openai text-embedding-3-small",
                        "f00",
                        InputKind.TEXT,
                        new WorkPlan.Counts(12, 1588, 1500, 400, 0, 1100, 9000, 20_000, 7),
                        Optional.empty(),
                        "pca-64, to be fitted",
                        2,
                        Optional.empty(),
                        WorkPlan.Charge.NONE,
                        List.of("Texts are sent to api.openai.com."))));
    }

    static RunStory done() {
        return new RunStory(
                record(),
                Ending.done(),
                Optional.of(plan()),
                List.of(wave(1, 545), wave(2, 545)),
                List.of(
                        new Pace("vector", BEGIN, BEGIN.plusSeconds(9), 550),
                        new Pace("vector", BEGIN.plusSeconds(9), BEGIN.plusSeconds(20), 550)),
                List.of(new ColumnSample(
                        "vector",
                        1600,
                        List.of(new SampledRow(
                                "17", "", List.of(new NearRow("<18>", "", 0.9134), new NearRow("3", "", 0.5)))),
                        Optional.of(
                                new RecallCurve(List.of(0.2, 0.8), List.of(8, 141), List.of(0.5, 1.0, 0.97, 1.0))))));
    }
}
