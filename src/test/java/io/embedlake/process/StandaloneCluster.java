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
 * A standalone cluster of a Spark distribution on the loopback interface: a master and workers, JVMs of their own. Closed by whoever started it. Confined to
 * one thread.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
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
    private final Machines machines;
    private final List<RunningProcess> daemons = new ArrayList<>();
    private final String master;

    /**
     * What the workers are like.
     *
     * @param cores of each
     * @param daemons settings of master and workers
     * @param variables of each worker
     */
    record Machines(int cores, Map<String, String> daemons, List<Map<String, String>> variables) {
        Machines {
            daemons = Map.copyOf(daemons);
            variables = List.copyOf(variables);
        }

        /** Two alike. */
        static Machines two(int cores) {
            return new Machines(cores, Map.of(), List.of(Map.of(), Map.of()));
        }
    }

    private StandaloneCluster(Path spark, Path folder, Machines machines) throws Exception {
        this.spark = spark;
        this.folder = Files.createDirectories(folder);
        this.machines = machines;
        RunningProcess started = daemon("127.0.0.1", Map.of(), "master.Master");
        started.await(() -> MASTER.matcher(started.err()).find());
        Matcher url = MASTER.matcher(started.err());
        if (!url.find()) {
            throw new AssertionError("no master\n" + started.err());
        }
        master = url.group(1);
        for (int worker = 0; worker < machines.variables().size(); worker++) {
            // Spark starts a copy of a task on another host only.
            daemon(
                    "127.0.0." + (worker + 1),
                    machines.variables().get(worker),
                    "worker.Worker",
                    "--cores",
                    Integer.toString(machines.cores()),
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
     * Starts one with two workers of one core.
     *
     * @param spark the distribution
     * @param folder gets what drivers and executors leave behind
     */
    static StandaloneCluster start(Path spark, Path folder) throws Exception {
        return start(spark, folder, Machines.two(1));
    }

    /** Starts one with these workers. */
    static StandaloneCluster start(Path spark, Path folder, Machines machines) throws Exception {
        return new StandaloneCluster(spark, folder, machines);
    }

    /** A spark-submit of the job jar, with options of its own, and how it ended. */
    RunningProcess.Ended submit(List<String> options, Path jar, String... arguments) throws Exception {
        try (RunningProcess running = begin(options, jar, arguments)) {
            return running.end();
        }
    }

    /** A spark-submit of the job jar that goes on; its driver's working folder is the cluster's. */
    RunningProcess begin(List<String> options, Path jar, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(spark.resolve("bin/spark-submit").toString(), "--master", master));
        SMALL.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        if (!hasDelta()) {
            command.addAll(List.of("--jars", deltaJars()));
        }
        command.addAll(List.of("--class", "io.embedlake.cli.Main"));
        command.addAll(options);
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        Map<String, String> variables = variables();
        variables.put("EMBEDLAKE_TERMINAL", "true");
        return RunningProcess.start(folder, variables, command);
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
        for (int worker = 0; worker < machines.variables().size(); worker++) {
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

    /** The processes of a worker's executors. */
    List<ProcessHandle> executors(int worker) {
        return daemons.get(1 + worker).descendants(EXECUTOR);
    }

    /** What each of a worker's executors has logged, in the order of their names. */
    List<String> logsOfExecutors(int worker) throws IOException {
        List<String> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(work(worker))) {
            for (Path file : files.filter(file -> file.endsWith("stderr"))
                    .filter(file -> !file.getParent().getFileName().toString().startsWith("driver-"))
                    .sorted()
                    .toList()) {
                logs.add(Files.readString(file));
            }
        }
        return logs;
    }

    private RunningProcess daemon(String host, Map<String, String> variables, String name, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                spark.resolve("bin/spark-class").toString(), "org.apache.spark.deploy." + name, "--host", host));
        command.addAll(List.of("--port", "0", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        Map<String, String> all = variables();
        all.put("SPARK_LOCAL_IP", host);
        all.putAll(variables);
        RunningProcess daemon = RunningProcess.start(folder, all, command);
        daemons.add(daemon);
        return daemon;
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        variables.put("SPARK_HOME", spark.toString());
        variables.put("SPARK_LOCAL_IP", "127.0.0.1");
        variables.put("SPARK_DAEMON_MEMORY", "256m");
        StringBuilder options = new StringBuilder("-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        machines.daemons()
                .forEach((key, value) ->
                        options.append(" -D").append(key).append('=').append(value));
        variables.put("SPARK_DAEMON_JAVA_OPTS", options.toString());
        return variables;
    }

    private Path work(int worker) {
        return folder.resolve("worker-" + worker);
    }

    private boolean hasDelta() throws IOException {
        try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
            return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("delta-spark"));
        }
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
