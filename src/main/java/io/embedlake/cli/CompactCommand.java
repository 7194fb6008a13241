package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.spark.store.TableFiles;
import io.embedlake.spark.upkeep.CompactedStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code embedlake compact}: makes large files of the small ones of a job's store. */
@Command(
        name = "compact",
        description =
                "Makes large files of the small ones of the job's store, and removes runs of more than 400 days ago from its log.",
        mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    CompactCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::compact);
    }

    private ExitCode compact(EmbedJob job) {
        CompactedStore done = job.compact(new ConsoleObserver(terminal));
        terminal.out().print(options.json() ? JsonText.of(json(done)) + "\n" : text(done));
        return ExitCode.DONE;
    }

    private static String text(CompactedStore done) {
        TextTable table = new TextTable();
        for (CompactedStore.Table one : done.tables()) {
            table.row(one.name(), files(one.before()) + " before, " + files(one.after()) + " now");
        }
        return table.row("forgotten", done.forgottenRuns() + " runs, " + done.removedSpools() + " folders of dead runs")
                .toString();
    }

    private static String files(Optional<TableFiles> files) {
        return files.map(all -> PlanText.number(all.count()) + " files with " + PlanText.number(all.bytes()) + " bytes")
                .orElse("an unknown number of files");
    }

    private static Map<String, Object> json(CompactedStore done) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<Map<String, Object>> tables =
                done.tables().stream().map(CompactCommand::json).toList();
        json.put("tables", tables);
        json.put("forgotten_runs", done.forgottenRuns());
        json.put("removed_spools", done.removedSpools());
        return json;
    }

    private static Map<String, Object> json(CompactedStore.Table table) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table.name());
        table.before().ifPresent(files -> {
            json.put("files_before", files.count());
            json.put("bytes_before", files.bytes());
        });
        table.after().ifPresent(files -> {
            json.put("files", files.count());
            json.put("bytes", files.bytes());
        });
        return json;
    }
}
