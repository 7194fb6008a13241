package io.embedlake.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DAG in Airflow itself, which pip installs into {@code target/airflow}: 600 MB. */
@Tag("heavy")
class AirflowTest {
    private static final Path ENVIRONMENT = Path.of("target", "airflow").toAbsolutePath();
    private static final List<String> PACKAGES =
            List.of("apache-airflow==3.3.2", "apache-airflow-providers-apache-spark==6.3.4");

    @TempDir
    private Path folder;

    @Test
    void airflowParsesTheDagAndItsTaskRetriesOnlyWhatMayPass() throws Exception {
        assumeTrue(SchedulerFilesTest.hasPython(), "there is no Python 3.10 or newer: Airflow did not parse the DAG");
        Path python = ENVIRONMENT.resolve("bin/python");
        Path made = ENVIRONMENT.resolve("made");
        if (Files.notExists(made)) {
            SchedulerFilesTest.output(List.of("python3", "-m", "venv", "--clear", ENVIRONMENT.toString()), Map.of());
            SchedulerFilesTest.output(
                    List.of(python.toString(), "-m", "pip", "install", "-q", PACKAGES.get(0), PACKAGES.get(1)),
                    Map.of());
            Files.createFile(made);
        }
        SchedulerFilesTest.requireDag(SchedulerFilesTest.dag(python.toString(), "airflow", folder));
    }
}
