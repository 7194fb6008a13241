package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.RunOptions;
import io.embedlake.pipeline.WorkPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code embedlake plan}: shows what embed would do. */
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

    private ExitCode plan(EmbedJob job) {
        WorkPlan plan = job.plan(RunOptions.defaults().observer(new ConsoleObserver(terminal)));
        terminal.out().print(options.json() ? PlanText.json(plan) : PlanText.of(plan));
        return ExitCode.DONE;
    }
}
