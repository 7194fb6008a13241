package io.embedlake.process;

import io.embedlake.process.RunningProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Python with PySpark from its registry and the package of the build. Immutable. */
final class PythonEnvironment {
    private static final int NO_PYTHON = 3;
    private static final Duration LONGEST_INSTALLATION = Duration.ofMinutes(15);

    /** Of the build's Spark. */
    private static PythonEnvironment made;

    private final Path python;

    private PythonEnvironment(Path python) {
        this.python = python;
    }

    /** The environment, made when it is first asked for; the test is skipped where there is no Python. */
    static synchronized PythonEnvironment get() throws Exception {
        if (made == null) {
            made = new PythonEnvironment(Path.of(prepared("environment")));
        }
        return made;
    }

    /** An environment with another version of PySpark. */
    static PythonEnvironment of(String spark) throws Exception {
        return new PythonEnvironment(Path.of(prepared("environment", spark)));
    }

    /** The home of a Java: this one, or one from Python's registry. */
    static Path java(String version) throws Exception {
        return Runtime.version().feature() == Integer.parseInt(version)
                ? Path.of(System.getProperty("java.home"))
                : Path.of(prepared("java", version));
    }

    private static String prepared(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Project.ROOT.resolve("src/test/python").resolve(script).toString()));
        command.addAll(List.of(arguments));
        try (RunningProcess running = RunningProcess.start(Project.ROOT, Map.of(), command)) {
            Ended ended = running.end(LONGEST_INSTALLATION);
            if (ended.exitCode() == NO_PYTHON) {
                Assumptions.abort(ended.err().strip());
            }
            return ended.requireExit(0).out().strip();
        }
    }

    String python() {
        return python.toString();
    }

    /** The installed PySpark, which is a whole Spark distribution. */
    Path sparkHome() throws Exception {
        try (Stream<Path> versions = Files.list(python.getParent().getParent().resolve("lib"))) {
            return versions.map(version -> version.resolve("site-packages/pyspark"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The jars that a session needs: the job jar, the embedded model and Delta Lake. */
    static String jars() throws IOException {
        return Stream.concat(
                        Stream.of(jobJars()),
                        Project.jars().stream().map(Path::toString).filter(jar -> jar.contains("/io/delta/")))
                .collect(Collectors.joining(","));
    }

    /** The same without Delta Lake. */
    static String jobJars() throws IOException {
        try (Stream<Path> built = Files.list(Project.ROOT.resolve("target"))) {
            return Stream.concat(
                            built.filter(jar -> jar.toString().endsWith("-job-with-natives.jar")),
                            Project.jars().stream().filter(jar -> jar.toString().contains("/dev/langchain4j/")))
                    .map(Path::toString)
                    .collect(Collectors.joining(","));
        }
    }

    /** The variables of its processes, which ask no hub. */
    static Map<String, String> variables() throws IOException {
        return variables(jars());
    }

    static Map<String, String> variables(String jars) {
        return Map.of("EMBEDLAKE_TEST_JARS", jars, "HF_HUB_OFFLINE", "1", "SPARK_HOME", "", "PYTHONPATH", "");
    }
}
