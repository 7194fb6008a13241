package io.embedlake.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python package and the notebooks, with the PySpark that users install: in a classic session, and against a live Spark Connect server. */
class PythonIT {
    /** Many tests of a process, on a busy machine. */
    private static final Duration WHOLE_SUITE = Duration.ofMinutes(20);

    @TempDir
    static Path folder;

    private static PythonEnvironment python;
    private static RunningProcess server;
    private static RunningProcess inClassicSession;
    private static RunningProcess inSparkConnect;

    /** Both suites at once: planning small queries keeps one core of a driver busy. */
    @BeforeAll
    static void startSuites() throws Exception {
        python = PythonEnvironment.get();
        inClassicSession = pytest(PythonEnvironment.variables(), "-m", "not heavy and not matrix", "src/test/python");
        int port = freePort();
        server = server(port);
        server.await(() -> isOpen(port));
        Map<String, String> client = new HashMap<>(PythonEnvironment.variables());
        client.put("JAVA_HOME", folder.resolve("no-java").toString());
        inSparkConnect = pytest(client, "--remote=sc://localhost:" + port, "src/test/python/test_package.py");
    }

    @AfterAll
    static void endSuites() throws Exception {
        for (RunningProcess process : Arrays.asList(inSparkConnect, server, inClassicSession)) {
            if (process != null) {
                process.close();
            }
        }
    }

    @Test
    void thePackageItsExamplesAndTheNotebooksWorkInAClassicSession() throws Exception {
        requirePassed(inClassicSession);
    }

    @Test
    void thePackageAndItsExamplesWorkInSparkConnectWithoutAJavaOfTheClients() throws Exception {
        requirePassed(inSparkConnect);
    }

    @Tag("heavy")
    @Test
    void theLongNotebooksWorkAndTheTypesAreWhole() throws Exception {
        try (RunningProcess heavy = pytest(PythonEnvironment.variables(), "-m", "heavy", "src/test/python")) {
            requirePassed(heavy);
        }
    }

    private static RunningProcess pytest(Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                python.python(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "--durations=12"));
        command.addAll(List.of(arguments));
        return RunningProcess.start(Project.ROOT, variables, command);
    }

    private static void requirePassed(RunningProcess suite) throws Exception {
        System.out.print(suite.end(WHOLE_SUITE).requireExit(0).out());
    }

    private static RunningProcess server(int port) throws Exception {
        Path spark = python.sparkHome();
        List<String> command = new ArrayList<>(List.of(
                spark.resolve("bin/spark-submit").toString(),
                "--class",
                "org.apache.spark.sql.connect.service.SparkConnectServer",
                "--master",
                "local[2]",
                "--jars",
                PythonEnvironment.jars()));
        Map.of(
                        "spark.connect.grpc.binding.port",
                        "" + port,
                        "spark.ui.enabled",
                        "false",
                        "spark.sql.shuffle.partitions",
                        "2",
                        "spark.databricks.delta.snapshotPartitions",
                        "2",
                        "spark.sql.codegen.factoryMode",
                        "NO_CODEGEN",
                        "spark.driver.extraJavaOptions",
                        "-XX:TieredStopAtLevel=1",
                        "spark.sql.warehouse.dir",
                        folder.resolve("warehouse").toString(),
                        "spark.sql.extensions",
                        "io.delta.sql.DeltaSparkSessionExtension",
                        "spark.sql.catalog.spark_catalog",
                        "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        try (var jars = Files.list(spark.resolve("jars"))) {
            command.add(jars.map(Path::toString)
                    .filter(jar -> jar.contains("spark-connect_"))
                    .findFirst()
                    .orElseThrow());
        }
        Map<String, String> variables = new HashMap<>(PythonEnvironment.variables());
        variables.put("SPARK_NO_DAEMONIZE", "1");
        return RunningProcess.start(folder, variables, command);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
