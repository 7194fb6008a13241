package io.embedlake.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM of its own that has the classes of the tests and runs one of them, or a command. Stateless. */
final class TestJvm {
    static final String COMMAND = "io.embedlake.cli.Main";

    private TestJvm() {}

    /**
     * Runs a main class and waits for its end.
     *
     * @param folder where it works
     * @param environment variables on top of this process's own
     * @param options of the JVM, system properties among them
     * @param main the class, and its arguments
     */
    static RunningProcess.Ended run(Path folder, Map<String, String> environment, List<String> options, String... main)
            throws Exception {
        List<String> command = new ArrayList<>(Project.java(
                "-Xmx1g", "-XX:TieredStopAtLevel=1", "-Dlog4j2.configurationFile=embedlake-log4j2.properties"));
        command.addAll(options);
        command.addAll(List.of("-cp", Project.testClassPath()));
        command.addAll(List.of(main));
        try (RunningProcess running = RunningProcess.start(folder, environment, command)) {
            return running.end();
        }
    }
}
