package io.embedlake.cli;

import io.embedlake.checkpoint.CacheFolder;
import io.embedlake.checkpoint.ModelCache;
import io.embedlake.checkpoint.ModelCache.CachedFile;
import io.embedlake.checkpoint.ModelLocator;
import io.embedlake.checkpoint.hub.Hub;
import io.embedlake.checkpoint.hub.HubSettings;
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
    private final ModelCache cache;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.cache = new ModelCache(CacheFolder.of(terminal.environment()), hub());
    }

    private Hub hub() {
        return new Hub(HubSettings.of(terminal.environment()), new DownloadLines(terminal.err()));
    }

    /** The model that a subcommand is about. Filled by picocli. */
    static final class ModelArgument {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "MODEL",
                description = "A model's name or directory (default: the embedded model).")
        private String model = ModelLocator.defaultModel();
    }

    @Command(name = "list", description = "Lists the models in the cache.", mixinStandardHelpOptions = true)
    int list(@Mixin OutputOption output) {
        return print(
                output,
                cache.models().stream()
                        .map(model -> ModelFacts.ofCached(model, cache))
                        .toList());
    }

    @Command(
            name = "info",
            description = "Loads a model and says what a job without further keys would make of it.",
            mixinStandardHelpOptions = true)
    int info(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        return print(
                output,
                List.of(ModelFacts.ofLoaded(argument.model, new ModelLocator(cache.folder(), change -> hub()))));
    }

    @Command(
            name = "pull",
            description = "Downloads a model of the hub into the cache, or unpacks the embedded one.",
            mixinStandardHelpOptions = true)
    int pull(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        cache.pull(argument.model);
        return print(output, List.of(ModelFacts.ofCached(argument.model, cache)));
    }

    @Command(
            name = "verify",
            description = "Compares a cached model's files with their hashes, loads the model and embeds a text.",
            mixinStandardHelpOptions = true)
    int verify(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        if (cache.holds(argument.model)) {
            cache.verify(argument.model);
        }
        return print(output, List.of(ModelFacts.ofVerified(argument.model)));
    }

    @Command(name = "remove", description = "Deletes a model's cached files.", mixinStandardHelpOptions = true)
    int remove(@Mixin ModelArgument argument, @Mixin OutputOption output) {
        List<CachedFile> removed = cache.remove(argument.model);
        return print(output, List.of(ModelFacts.ofRemoved(argument.model, removed)));
    }

    private int print(OutputOption output, List<ModelFacts> models) {
        for (ModelFacts facts : models) {
            terminal.out().print(output.json() ? facts.json() : facts.text());
        }
        return ExitCode.DONE.number();
    }
}
