package io.embedlake.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standalone cluster of a Spark distribution on the loopback interface: a master and two workers of one core, JVMs of their own. Closed by whoever started
 * it. Confined to one thread.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
    private static final Pattern STATE = Pattern.compile("State of driver \\S+ is (\\w+)");

    /** Few rows: what a run costs is the start of JVMs and the compiling of code that runs once. */
    private static final Map<String, String> SMALL = Map.of(
            "spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1",
            "spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1",
            "spark.ui.enabled", "false",
            "spark.sql.shuffle.partitions", "2",
            "spark.sql.codegen.factoryMode", "NO_CODEGEN",
            "spark.sql.catalogImplementation", "in-memory",
            "spark.databricks.delta.snapshotPartitions", "1",
            "spark.databricks.delta.stats.collect.using.tableSchema", "true",
            "spark.executor.heartbeatInterval", "2s");

    private final Path spark;
    private final Path folder;
    private final List<RunningProcess> daemons = new ArrayList<>();
    private final String master;

    private StandaloneCluster(Path spark, Path folder) throws Exception {
        this.spark = spark;
        this.folder = Files.createDirectories(folder);
        RunningProcess started = daemon("master.Master");
        started.await(() -> MASTER.matcher(started.err()).find());
        Matcher url = MASTER.matcher(started.err());
        if (!url.find()) {
            throw new AssertionError("no master\n" + started.err());
        }
        master = url.group(1);
        for (int worker = 0; worker < WORKERS; worker++) {
            daemon(
                    "worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    work(worker).toString(),
                    master);
        }
        for (RunningProcess worker : daemons.subList(1, daemons.size())) {
            worker.await(() -> worker.err().contains("Successfully registered with master"));
        }
    }

    /**
     * Starts one.
     *
     * @param spark the distribution
     * @param folder gets what drivers and executors leave behind
     */
    static StandaloneCluster start(Path spark, Path folder) throws Exception {
        return new StandaloneCluster(spark, folder);
    }

    /** A spark-submit of the job jar, with options of its own, and how it ended. */
    RunningProcess.Ended submit(List<String> options, Path jar, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(spark.resolve("bin/spark-submit").toString(), "--master", master));
        SMALL.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        command.addAll(List.of("--jars", deltaJars(), "--class", "io.embedlake.cli.Main"));
        command.addAll(options);
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        try (RunningProcess running = RunningProcess.start(folder, variables(), command)) {
            return running.end();
        }
    }

    /** How the driver ended that a spark-submit in cluster mode has waited for. */
    static String stateOfDriver(RunningProcess.Ended submit) {
        String last = "";
        Matcher states = STATE.matcher(submit.err());
        while (states.find()) {
            last = states.group(1);
        }
        return last;
    }

    /** What drivers in cluster mode have printed. */
    String outputOfDrivers() throws IOException {
        StringBuilder output = new StringBuilder();
        for (int worker = 0; worker < WORKERS; worker++) {
            try (Stream<Path> files = Files.walk(work(worker))) {
                for (Path file : files.filter(file ->
                                file.getParent().getFileName().toString().startsWith("driver-"))
                        .filter(file -> file.getFileName().toString().startsWith("std"))
                        .toList()) {
                    output.append(Files.readString(file));
                }
            }
        }
        return output.toString();
    }

    private RunningProcess daemon(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                spark.resolve("bin/spark-class").toString(), "org.apache.spark.deploy." + name, "--host", "127.0.0.1"));
        command.addAll(List.of("--port", "0", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        RunningProcess daemon = RunningProcess.start(folder, variables(), command);
        daemons.add(daemon);
        return daemon;
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("SPARK_HOME", spark.toString());
        variables.put("SPARK_LOCAL_IP", "127.0.0.1");
        variables.put("SPARK_DAEMON_MEMORY", "256m");
        variables.put("SPARK_DAEMON_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return variables;
    }

    private Path work(int worker) {
        return folder.resolve("worker-" + worker);
    }

    private static String deltaJars() {
        return Project.jars().stream()
                .map(Path::toString)
                .filter(jar -> jar.contains("/io/delta/"))
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() throws Exception {
        // Workers end their executors and drivers when they are asked to.
        daemons.forEach(RunningProcess::terminate);
        for (RunningProcess daemon : daemons) {
            daemon.await(RunningProcess.PATIENCE);
            daemon.close();
        }
    }
}
