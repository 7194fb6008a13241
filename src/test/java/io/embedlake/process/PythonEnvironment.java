package io.embedlake.process;

import io.embedlake.process.RunningProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Python with PySpark from its registry and the package of the build. Immutable. */
final class PythonEnvironment {
    private static final int NO_PYTHON = 3;

    private static PythonEnvironment made;

    private final Path python;

    private PythonEnvironment(Path python) {
        this.python = python;
    }

    /** The environment, made when it is first asked for; the test is skipped where there is no Python. */
    static synchronized PythonEnvironment get() throws Exception {
        if (made == null) {
            List<String> command =
                    List.of(Project.ROOT.resolve("src/test/python/environment").toString());
            try (RunningProcess running = RunningProcess.start(Project.ROOT, Map.of(), command)) {
                Ended ended = running.end();
                if (ended.exitCode() == NO_PYTHON) {
                    Assumptions.abort(ended.err().strip());
                }
                made = new PythonEnvironment(Path.of(ended.requireExit(0).out().strip()));
            }
        }
        return made;
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

    /** The jars that a session needs: the job jar, Delta Lake and the embedded model. */
    static String jars() throws IOException {
        try (Stream<Path> built = Files.list(Project.ROOT.resolve("target"))) {
            Path jobJar = built.filter(jar -> jar.toString().endsWith("-job-with-natives.jar"))
                    .findFirst()
                    .orElseThrow();
            return Stream.concat(
                            Stream.of(jobJar),
                            Project.jars().stream()
                                    .filter(jar -> jar.toString().contains("/io/delta/")
                                            || jar.toString().contains("/dev/langchain4j/")))
                    .map(Path::toString)
                    .collect(Collectors.joining(","));
        }
    }

    /** The variables of its processes, which ask no hub. */
    static Map<String, String> variables() throws IOException {
        return Map.of("EMBEDLAKE_TEST_JARS", jars(), "HF_HUB_OFFLINE", "1", "SPARK_HOME", "", "PYTHONPATH", "");
    }
}
