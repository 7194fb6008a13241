package io.embedlake.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code jobs/embedlake}. Stateless. */
@Command(
        name = "embedlake",
        description = "Embedding columns for the lakehouse.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        subcommands = {
            EmbedCommand.class,
            ReplayCommand.class,
            PlanCommand.class,
            SearchCommand.class,
            NeighboursCommand.class,
            EvaluateCommand.class,
            ModelsCommand.class,
            StoreCommand.class,
            CompactCommand.class,
            BenchCommand.class,
            DoctorCommand.class
        })
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), System.out, System.err, arguments));
    }

    /**
     * Runs a command.
     *
     * @param out for results
     * @param err for progress and errors
     * @return the exit code, as {@link ExitCode} lists them
     */
    public static int run(Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
        return run(new Terminal(environment, out, err), arguments);
    }

    /** Runs a command in a terminal; the exit code. */
    static int run(Terminal terminal, String... arguments) {
        Optional<String> refusal = LogLines.refusal(terminal.environment());
        if (refusal.isPresent()) {
            terminal.error(refusal.get());
            return ExitCode.USAGE.number();
        }
        return new CommandLine(new Main(), new CommandFactory(terminal))
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setParameterExceptionHandler((failure, ignored) -> {
                    terminal.error(failure.getMessage() + ". See embedlake "
                            + failure.getCommandLine()
                                    .getCommandSpec()
                                    .qualifiedName(" ")
                                    .replaceFirst("^embedlake ?", "")
                            + " --help.");
                    return ExitCode.USAGE.number();
                })
                .setExecutionExceptionHandler((failure, ignored, parsed) -> terminal.failed(failure))
                .execute(arguments);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
