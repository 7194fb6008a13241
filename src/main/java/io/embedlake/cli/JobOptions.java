package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.Embedlake;
import io.embedlake.JobFile;
import io.embedlake.spark.RemoteJobFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands on a job have in common. Filled by picocli; confined to one thread. */
final class JobOptions {
    @Parameters(
            index = "0",
            paramLabel = "job.yaml",
            description = "The job file, here or on a file system of Spark's; conf/reference.yaml lists its keys.")
    private String file;

    @Option(
            names = "--set",
            paramLabel = "key=value",
            description = "Sets a key of the job file, such as embeddings[0].reduce.dimensions=32. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private OutputOption output;

    /** What a command does with its job. */
    interface Work {
        ExitCode run(EmbedJob job);
    }

    /** Reads the job file and does the work in a session. */
    int run(Terminal terminal, Work work) {
        JobFile job = RemoteJobFile.text(file, RemoteJobFile::submitted)
                .map(text -> JobFile.parse(text, overrides))
                .orElseGet(() -> JobFile.read(
                        Path.of(file),
                        overrides,
                        terminal.environment(),
                        Path.of("").toAbsolutePath()));
        try (Embedlake lake = Embedlake.open(job, terminal.environment())) {
            if (lake.spark().sparkContext().uiWebUrl().isDefined()) {
                terminal.say(
                        "Spark UI: " + lake.spark().sparkContext().uiWebUrl().get());
            }
            return work.run(lake.job(job)).number();
        }
    }

    String file() {
        return file;
    }

    boolean json() {
        return output.json();
    }
}
