package io.embedlake.cli;

import io.embedlake.cli.doctor.Doctor;
import io.embedlake.cli.doctor.Doctor.Scope;
import io.embedlake.cli.doctor.Finding;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import io.embedlake.local.files.CacheFolder;
import io.embedlake.spark.RemoteJobFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code embedlake doctor}: checks whether jobs can run here, one line per check. */
@Command(
        name = "doctor",
        description = "Checks this installation and, when a job file is given, what the job needs.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", arity = "0..1", paramLabel = "job.yaml", description = "A job file to check as well.")
    private Optional<String> file = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "key=value",
            description = "Sets a key of the job file, such as embeddings[0].reduce.dimensions=32. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--cluster",
            description = "Has every executor looked at as well, and says how they differ from each other.")
    private boolean cluster;

    @Mixin
    private OutputOption output;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        Optional<Supplier<JobSpec>> job = file.map(path -> () -> read(path));
        Scope scope = cluster ? Scope.CLUSTER : Scope.DRIVER;
        new Doctor(terminal.environment(), CacheFolder.of(terminal.environment()))
                .examine(job, scope, (name, finding) -> {
                    findings.add(finding);
                    terminal.out().print(output.json() ? json(name, finding) : text(name, finding));
                    terminal.out().flush();
                });
        return exitCode(findings).number();
    }

    private JobSpec read(String path) {
        Path here = Path.of("").toAbsolutePath();
        return RemoteJobFile.text(path, RemoteJobFile::submitted)
                .map(text -> JobFile.parse(text, overrides, terminal.environment(), here))
                .orElseGet(() -> JobFile.load(Path.of(path), overrides, terminal.environment(), here));
    }

    /** The worst of the failures: a defect before a table before a setting. */
    static ExitCode exitCode(List<Finding> findings) {
        List<ExitCode> failures = findings.stream()
                .filter(finding -> finding.status() == Finding.Status.FAILED)
                .map(finding -> finding.kind().map(kind -> ExitCode.of(kind)).orElse(ExitCode.INTERNAL))
                .toList();
        return List.of(ExitCode.INTERNAL, ExitCode.STORAGE, ExitCode.USAGE).stream()
                .filter(failures::contains)
                .findFirst()
                .orElse(failures.isEmpty() ? ExitCode.DONE : failures.get(0));
    }

    private static String text(String name, Finding finding) {
        return "%-8s  %-16s  %s%n"
                .formatted(finding.status(), name, finding.detail().strip().replaceAll("\\s*\\R\\s*", " | "));
    }

    private static String json(String name, Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", name);
        json.put("status", finding.status().toString().toLowerCase(java.util.Locale.ROOT));
        json.put("detail", finding.detail());
        return JsonText.of(json) + "\n";
    }
}
