package io.embedlake.spark.report;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.search.ColumnSample;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.EmbedlakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * What a run was like. Immutable.
 *
 * @param run what it did, as the log of runs has it
 * @param ending how it ended
 * @param plan what it had planned, if it got so far
 * @param waves what is in the store, in order
 * @param pace how fast texts were embedded, in order of time
 * @param samples rows and their neighbours, of columns that have some
 */
public record RunStory(
        RunRecord run,
        Ending ending,
        Optional<WorkPlan> plan,
        List<Wave> waves,
        List<Pace> pace,
        List<ColumnSample> samples) {
    public RunStory {
        Objects.requireNonNull(run);
        Objects.requireNonNull(ending);
        Objects.requireNonNull(plan);
        waves = List.copyOf(waves);
        pace = List.copyOf(pace);
        samples = List.copyOf(samples);
    }

    /** The same with samples. */
    public RunStory with(List<ColumnSample> more) {
        return new RunStory(run, ending, plan, waves, pace, more);
    }

    /**
     * How a run ended. Immutable.
     *
     * @param status in a word or two
     * @param exitCode of the command line; empty of a run that another thread cancelled, as no command does
     * @param sentence what stopped it, or what is wrong with it; empty when all is well
     */
    public record Ending(String status, OptionalInt exitCode, String sentence) {
        private static final int REJECTED = 3;
        private static final int DEFECT = 1;

        /** All was done. */
        public static Ending done() {
            return new Ending("succeeded", OptionalInt.of(0), "");
        }

        /** All was done, and more texts were rejected than the job allows. */
        public static Ending rejected(double rate, double most) {
            return new Ending(
                    "succeeded",
                    OptionalInt.of(REJECTED),
                    String.format(
                            Locale.ROOT,
                            "Too many texts were rejected: %.2f %% (errors.max-rate allows %.2f %%).",
                            100 * rate,
                            100 * most));
        }

        /** Something stopped it. */
        public static Ending failed(RuntimeException why) {
            if (why instanceof CancellationException) {
                return new Ending("cancelled", OptionalInt.empty(), RunRecord.CANCELLED);
            }
            return why instanceof EmbedlakeException known
                    ? new Ending("failed", OptionalInt.of(known.kind().exitCode()), known.getMessage())
                    : new Ending(
                            "failed",
                            OptionalInt.of(DEFECT),
                            "Internal error: " + why.getClass().getSimpleName() + ".");
        }

        /** Whether there is nothing to see to. */
        public boolean isGood() {
            return exitCode.equals(OptionalInt.of(0));
        }
    }

    /**
     * A wave and when it was in the store. Immutable.
     *
     * @param wave what it did
     * @param at when it was committed
     */
    public record Wave(CommittedWave wave, Instant at) {
        /** When it began. */
        public Instant begin() {
            return at.minus(wave.time());
        }
    }

    /**
     * How many texts got an outcome in a time. Immutable.
     *
     * @param column the vector column
     * @param begin of the time
     * @param end of the time
     * @param texts the texts
     */
    public record Pace(String column, Instant begin, Instant end, long texts) {
        /** Texts a second. */
        public double rate() {
            return texts / Math.max(0.001, length().toMillis() / 1000.0);
        }

        Duration length() {
            return Duration.between(begin, end);
        }

        /** This and the time after it. */
        Pace and(Pace next) {
            return new Pace(column, begin, next.end, texts + next.texts);
        }
    }
}
