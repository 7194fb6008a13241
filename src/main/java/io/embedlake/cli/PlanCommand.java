package io.embedlake.cli;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.EmbeddingJob;
import io.embedlake.spark.store.RunId;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code embedlake plan}: says what embed would do. */
@Command(
        name = "plan",
        description = "Says what embed would do, how long it would take and what it would cost. Writes nothing.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::plan);
    }

    private ExitCode plan(SparkSession spark, JobSpec job) {
        RunId run = RunId.of(Clock.systemUTC().instant(), UUID.randomUUID());
        WorkPlan plan = new EmbeddingJob(spark, job, run, Clock.systemUTC(), new ConsoleObserver(terminal)).plan();
        terminal.out().print(options.json() ? PlanText.json(plan) : PlanText.of(plan));
        return ExitCode.DONE;
    }
}
