package io.embedlake.cli;

import io.embedlake.Model;
import io.embedlake.Models;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code embedlake models}: the models on this machine. Starts no Spark. */
@Command(
        name = "models",
        description = "Shows, checks and removes the models on this machine.",
        mixinStandardHelpOptions = true)
final class ModelsCommand {
    private final Terminal terminal;
    private final Models models;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.models = Models.of(terminal.environment(), new DownloadLines(terminal::say));
    }

    /** The model that a subcommand is about. Filled by picocli. */
    static final class ModelArgument {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "MODEL",
                description = "A model's name or directory (default: the embedded model).")
        private String model = Model.embedded();
    }

    @Command(name = "list", description = "Lists the models in the cache.", mixinStandardHelpOptions = true)
    int list(@Mixin OutputOption output) {
        return print(output, models.list().stream().map(ModelFacts::ofCached).toList());
    }

    @Command(
            name = "info",
            description = "Loads a model and says what a job without further keys would make of it.",
            mixinStandardHelpOptions = true)
    int info(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        return print(output, List.of(ModelFacts.of(models.info(argument.model))));
    }

    @Command(
            name = "pull",
            description = "Downloads a model of the hub into the cache, or unpacks the embedded one.",
            mixinStandardHelpOptions = true)
    int pull(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        return print(output, List.of(ModelFacts.ofCached(models.pull(argument.model))));
    }

    @Command(
            name = "verify",
            description = "Compares a cached model's files with their hashes, loads the model and embeds a text.",
            mixinStandardHelpOptions = true)
    int verify(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        return print(output, List.of(ModelFacts.ofVerified(argument.model, models.verify(argument.model))));
    }

    @Command(name = "remove", description = "Deletes a model's cached files.", mixinStandardHelpOptions = true)
    int remove(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        return print(output, List.of(ModelFacts.ofRemoved(models.remove(argument.model))));
    }

    private int print(OutputOption output, List<ModelFacts> all) {
        for (ModelFacts facts : all) {
            terminal.out().print(output.json() ? facts.json() : facts.text());
        }
        return ExitCode.DONE.number();
    }
}
