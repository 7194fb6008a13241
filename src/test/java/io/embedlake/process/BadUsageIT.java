package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a command or a job file is said in a sentence each, with the exit code that schedulers know. */
class BadUsageIT {
    @TempDir
    Path folder;

    @Test
    void unknownCommandIsRefusedWithTheNearestOne() throws Exception {
        RunningProcess.Ended ended = RunningProcess.run(folder, RunningProcess.QUICK_START, "emebd", "job.yaml");
        says(ended, 2, "emebd");
        assertEquals(1, ended.err().strip().lines().count(), ended.err());
    }

    @Test
    void missingJobFileIsNamed() throws Exception {
        RunningProcess.Ended ended = RunningProcess.run(folder, RunningProcess.QUICK_START, "plan", "no such job.yaml");
        says(ended, 2, "no such job.yaml");
        assertEquals(1, ended.err().strip().lines().count(), ended.err());
    }

    @Test
    void everyProblemOfAJobFileIsListed() throws Exception {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                """
                job: three-problems
                source:
                  path: definitions.jsonl
                  format: jsonl
                  id: synset
                target: {table: "delta.`target`"}
                embeddings:
                  - colum: definition_embedding
                    attribute: definition
                    reduce: {method: pca, dimensions: 0}
                """);
        RunningProcess.Ended ended = RunningProcess.run(folder, RunningProcess.QUICK_START, "embed", job.toString());
        says(ended, 2, "job.yaml:4: source.format");
        says(ended, 2, "job.yaml:10: embeddings[0].reduce.dimensions");
        says(ended, 2, "did you mean column?");
    }

    @Test
    void unknownKeyOnTheCommandLineIsRefused() {
        says(LocalRun.of("embed", "conf/quickstart.yaml", "--set", "wave.rows=5"), 2, "wave");
    }

    @Test
    void missingSourceIsAStorageFailure() throws Exception {
        RunningProcess.Ended ended = LocalRun.of(
                "embed",
                "conf/quickstart.yaml",
                "--set",
                "source.path=" + folder.resolve("nowhere.jsonl"),
                "--set",
                "target.table=delta.`" + folder.resolve("table") + "`");
        says(ended, 5, "nowhere.jsonl");
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count(), "nothing is written");
        }
    }

    @Test
    void launcherPassesTheExitCodeAndHelpOn() throws Exception {
        RunningProcess.Ended ended = RunningProcess.run(folder, RunningProcess.QUICK_START, "--help");
        ended.requireExit(0);
        assertTrue(ended.out().contains("embed") && ended.out().contains("search"), ended.out());
    }

    private static void says(RunningProcess.Ended ended, int exitCode, String what) {
        ended.requireExit(exitCode);
        assertTrue(ended.err().contains(what), ended.err());
        assertFalse(ended.err().contains("\tat ") || ended.err().contains("Exception"), ended.err());
        assertEquals("", ended.out());
    }
}
