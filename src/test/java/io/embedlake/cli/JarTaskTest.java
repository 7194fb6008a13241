package io.embedlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarTaskTest {
    @TempDir
    private Path folder;

    @Test
    void failureIsTheSentenceOfTheCommandLineWithTheExitCodeAndNoStackTrace() {
        Path missing = folder.resolve("missing.yaml");
        JarTask.Failure failure = assertThrows(JarTask.Failure.class, () -> JarTask.main(args("embed", missing)));
        assertEquals(
                "Cannot read the job file: " + missing
                        + " (no such file). Name a job file that can be read. (exit code 2)",
                failure.getMessage());
        assertEquals(2, failure.exitCode());
        assertEquals(0, failure.getStackTrace().length);
    }

    @Test
    void wrongUsageNamesTheHelp() {
        JarTask.Failure failure = assertThrows(JarTask.Failure.class, () -> JarTask.main(args("embed", "--refti")));
        assertEquals(2, failure.exitCode());
        assertEquals(
                "Missing required parameter: 'job.yaml'. See embedlake embed --help. (exit code 2)",
                failure.getMessage());
    }

    @Test
    void commandThatEndsWellReturns() {
        JarTask.main(args("--version"));
    }

    private static String[] args(Object... arguments) {
        return java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    }
}
