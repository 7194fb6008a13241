package io.embedlake.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.cli.JarTask;
import io.embedlake.cli.Main;
import io.embedlake.config.JobFile;
import io.embedlake.config.JobSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import scala.jdk.javaapi.CollectionConverters;

/** Holds the schedulers' files in {@code jobs} to the program, the build and, where they can be had, the rules of the schedulers. */
class SchedulerFilesTest {
    private static final Path JOBS = Path.of("jobs");
    private static final Pattern JAR = Pattern.compile("embedlake-([0-9.]+)-job(-with-natives)?\\.jar");
    private static final Pattern DELTA = Pattern.compile("delta-spark_([0-9.]+)_2\\.13:([0-9.]+)");
    private static final Pattern SUBMIT = Pattern.compile("(?s)```sh\\s+spark-submit (.*?)```");
    private static final Pattern SPARK = Pattern.compile("(?:sparkVersion: |apache/spark:)([0-9.]+)");
    private static final Set<String> MAIN_CLASSES = Set.of(Main.class.getName(), JarTask.class.getName());

    @TempDir
    private Path folder;

    @Test
    void jarsAndVersionsAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = property(pom, "version");
        String spark = property(pom, "spark.version");
        int jars = 0;
        for (Path file : files()) {
            String text = Files.readString(file);
            for (MatchResult jar : JAR.matcher(text).results().toList()) {
                assertEquals(version, jar.group(1), file.toString());
                jars++;
            }
            SPARK.matcher(text).results().forEach(found -> assertEquals(spark, found.group(1), file.toString()));
            DELTA.matcher(text).results().forEach(found -> {
                assertEquals(spark.replaceFirst("\\.[0-9]+$", ""), found.group(1), file.toString());
                assertEquals(property(pom, "delta.version"), found.group(2), file.toString());
            });
        }
        assertTrue(jars >= 6, jars + " jars are named");
    }

    /** Read by the parser of spark-submit itself, which refuses options that it does not know. */
    @Test
    void submitsInTheDocumentsAreUnderstoodBySparkAndByTheProgram() throws IOException {
        int submits = 0;
        for (Path document : List.of(Path.of("README.md"), Path.of("docs/deploy.md"))) {
            for (MatchResult found :
                    SUBMIT.matcher(Files.readString(document)).results().toList()) {
                List<String> words = List.of(found.group(1).strip().split("[\\\\\\s]+"));
                SparkSubmitArguments submit = new SparkSubmitArguments(
                        CollectionConverters.asScala(words).toSeq(), scala.collection.immutable.Map$.MODULE$.empty());
                assertTrue(MAIN_CLASSES.contains(submit.mainClass()), found.group());
                assertTrue(JAR.matcher(submit.primaryResource()).find(), found.group());
                List<String> arguments =
                        CollectionConverters.asJava(submit.childArgs().toSeq());
                requireCommand(arguments);
                assertTrue(Files.exists(Path.of(arguments.get(1))), arguments.get(1));
                submits++;
            }
        }
        assertTrue(submits > 0);
    }

    @Test
    void databricksBundleRunsTheJarTaskWithItsJobOnADedicatedCluster() throws IOException {
        Path bundle = JOBS.resolve("databricks/databricks.yml");
        Map<String, Object> root = yaml(Files.readString(bundle)).get(0);
        Map<String, Object> job = map(root, "resources", "jobs", "reviews");
        Map<String, Object> task = map(list(job, "tasks").get(0));
        Map<String, Object> cluster = map(list(job, "job_clusters").get(0));
        assertEquals(cluster.get("job_cluster_key"), task.get("job_cluster_key"));
        assertEquals("SINGLE_USER", map(cluster, "new_cluster").get("data_security_mode"));
        assertEquals(0, task.get("max_retries"));
        assertEquals(List.of("${var.alert}"), map(job, "email_notifications").get("on_failure"));
        assertTrue(
                map(job, "schedule").get("quartz_cron_expression").toString().matches("\\S+ \\S+ \\S+ \\S+ \\S+ \\S+"));
        map(cluster, "new_cluster", "spark_env_vars")
                .forEach((name, value) -> assertTrue(
                        value.toString().matches("\\{\\{secrets/[\\w-]+/[\\w-]+}}"), name + " is no reference"));
        Matcher variable = Pattern.compile("\\$\\{var\\.(\\w+)}").matcher(Files.readString(bundle));
        while (variable.find()) {
            assertTrue(map(root, "variables").containsKey(variable.group(1)), variable.group());
        }

        Map<String, Object> jarTask = map(task, "spark_jar_task");
        assertEquals(JarTask.class.getName(), jarTask.get("main_class_name"));
        List<String> arguments = strings(jarTask, "parameters");
        requireCommand(arguments);
        Path jobFile = bundle.resolveSibling(arguments.get(1).replace("${workspace.file_path}/", ""));
        assertEquals("reviews", load(Files.readString(jobFile)).job());
    }

    @Test
    void kubernetesManifestsFitTheOperatorsDefinitions() throws IOException {
        Map<String, Object> application = only("kubernetes/application.yaml");
        Map<String, Object> scheduled = only("kubernetes/schedule.yaml");
        CustomResource one = CustomResource.read("/jobs/sparkapplications-v2.5.2.yaml.gz");
        assertEquals(List.of(), one.problems(application));
        assertEquals(
                List.of(),
                CustomResource.read("/jobs/scheduledsparkapplications-v2.5.2.yaml.gz")
                        .problems(scheduled));
        assertEquals(application.get("spec"), map(scheduled, "spec").get("template"), "both run the same");

        map(application, "spec", "driver").put("memry", "4g");
        map(application, "spec").put("mode", "clster");
        map(application, "spec").remove("sparkVersion");
        assertEquals(
                Set.of(
                        ".spec.driver.memry is unknown",
                        ".spec.mode is none of [cluster, client]",
                        ".spec.sparkVersion is missing"),
                Set.copyOf(one.problems(application)));
    }

    @Test
    void kubernetesManifestsNameTheJobThatTheirConfigMapHolds() throws IOException {
        Map<String, Object> config = only("kubernetes/job.yaml");
        Map<String, Object> spec = map(only("kubernetes/application.yaml"), "spec");
        Map<String, Object> volume = map(list(spec, "volumes").get(0));
        Map<String, Object> mount =
                map(list(map(spec, "driver"), "volumeMounts").get(0));
        assertEquals(
                map(config, "metadata").get("name"), map(volume, "configMap").get("name"));
        assertEquals(volume.get("name"), mount.get("name"));
        assertTrue(MAIN_CLASSES.contains(spec.get("mainClass")));
        List<String> arguments = strings(spec, "arguments");
        requireCommand(arguments);
        Path file = Path.of(arguments.get(1));
        assertEquals(mount.get("mountPath"), file.getParent().toString());
        String job = (String) map(config, "data").get(file.getFileName().toString());
        assertEquals("reviews", load(job).job());
        for (String role : List.of("driver", "executor")) {
            list(map(spec, role), "env").forEach(variable -> {
                assertFalse(map(variable).containsKey("value"), variable + " is no reference");
                assertTrue(map(variable, "valueFrom").containsKey("secretKeyRef"), variable.toString());
            });
        }
    }

    @Test
    void jobRunsOfEmrServerlessHaveTheFieldsOfTheirRequest() throws IOException {
        JsonNode run = new ObjectMapper()
                .readTree(JOBS.resolve("emr-serverless/job-run.json").toFile());
        JsonNode schedule = new ObjectMapper()
                .readTree(JOBS.resolve("emr-serverless/schedule.json").toFile());
        assertEquals(
                Set.of(
                        "name",
                        "applicationId",
                        "executionRoleArn",
                        "executionTimeoutMinutes",
                        "jobDriver",
                        "configurationOverrides"),
                names(run));
        JsonNode submit = run.path("jobDriver").path("sparkSubmit");
        assertEquals(Set.of("entryPoint", "entryPointArguments", "sparkSubmitParameters"), names(submit));
        assertEquals(
                "--class " + JarTask.class.getName(),
                submit.path("sparkSubmitParameters").asText());
        List<String> arguments = new ArrayList<>();
        submit.path("entryPointArguments").forEach(argument -> arguments.add(argument.asText()));
        requireCommand(arguments);
        JsonNode properties = run.path("configurationOverrides")
                .path("applicationConfiguration")
                .path(0)
                .path("properties");
        properties.properties().forEach(property -> {
            String value = property.getValue().textValue();
            assertTrue(!property.getKey().endsWith("TOKEN") || value.startsWith("EMR.secret@"), property.getKey());
        });
        assertEquals(
                "aws-sdk:emrserverless:startJobRun",
                schedule.at("/Target/Arn").asText().replaceFirst(".*:::", ""));
        JsonNode scheduled =
                new ObjectMapper().readTree(schedule.at("/Target/Input").asText());
        assertEquals(run.path("applicationId"), scheduled.path("ApplicationId"));
        assertEquals(run.path("executionRoleArn"), scheduled.path("ExecutionRoleArn"));
        assertEquals(submit.path("entryPoint"), scheduled.at("/JobDriver/SparkSubmit/EntryPoint"));
        assertEquals(submit.path("entryPointArguments"), scheduled.at("/JobDriver/SparkSubmit/EntryPointArguments"));
        assertEquals(
                submit.path("sparkSubmitParameters"), scheduled.at("/JobDriver/SparkSubmit/SparkSubmitParameters"));
    }

    @Test
    void systemdAcceptsTheUnits() throws Exception {
        Path unit = JOBS.resolve("systemd/embedlake@.service");
        String service = Files.readString(unit);
        Matcher start =
                Pattern.compile("(?m)^ExecStart=/opt/embedlake/(\\S+) (.*)$").matcher(service);
        assertTrue(start.find());
        assertTrue(Files.isExecutable(Path.of(start.group(1))));
        requireCommand(List.of(start.group(2).split(" ")));
        assumeTrue(
                Files.exists(Path.of("/usr/bin/systemd-analyze")),
                "systemd-analyze is not on this machine: units not verified");
        for (Path file : list(JOBS.resolve("systemd"))) {
            // Verified as installed, with the checkout where it is.
            String installed = Files.readString(file)
                    .replace("/opt/embedlake", Path.of("").toAbsolutePath().toString());
            Files.writeString(folder.resolve(file.getFileName()), installed);
        }
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
        for (Path file : list(folder)) {
            command.add(file.toString().replace("@.", "@reviews."));
        }
        assertEquals("", output(command, Map.of()));
    }

    @Test
    void airflowRetriesOnlyWhatMayPass() throws Exception {
        assumeTrue(hasPython(), "there is no Python 3.10 or newer: the DAG was not run");
        JsonNode dag = dag("python3", "stub", folder);
        requireDag(dag);
    }

    static void requireDag(JsonNode dag) throws IOException {
        assertEquals("embedlake_reviews", dag.path("dag").asText());
        assertEquals(1, dag.path("tasks").asInt());
        assertTrue(dag.path("retries").asInt() > 0);
        assertTrue(MAIN_CLASSES.contains(dag.path("main_class").asText()));
        List<String> arguments = new ArrayList<>();
        dag.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        requireCommand(arguments);
        assertTrue(Files.exists(Path.of(arguments.get(1).replace("/opt/embedlake/", ""))), arguments.get(1));
        dag.path("secrets").forEach(secret -> assertTrue(secret.asText().matches("\\{\\{.*}}"), "no reference"));
        assertEquals(
                Map.of(
                        "0", "done",
                        "1", "AirflowException",
                        "2", "AirflowFailException",
                        "3", "AirflowFailException",
                        "4", "AirflowException",
                        "5", "AirflowException",
                        "137", "AirflowException"),
                new ObjectMapper().convertValue(dag.path("endings"), Map.class));
    }

    /** What the DAG is and does with a spark-submit that ends with each exit code. */
    static JsonNode dag(String python, String how, Path folder) throws Exception {
        Path submit = Files.writeString(
                Files.createDirectories(folder.resolve("bin")).resolve("spark-submit"),
                "#!/bin/sh\nexit \"$EXIT_CODE\"\n");
        assertTrue(submit.toFile().setExecutable(true));
        String out = output(
                List.of(
                        python,
                        "src/test/resources/jobs/airflow_dag.py",
                        JOBS.resolve("airflow/embedlake_reviews.py").toString(),
                        how),
                Map.of(
                        "PATH",
                        submit.getParent() + ":" + System.getenv("PATH"),
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "AIRFLOW_HOME",
                        folder.resolve("airflow").toString(),
                        "AIRFLOW_CONN_SPARK_DEFAULT",
                        "spark://127.0.0.1:7077"));
        Matcher result = Pattern.compile("(?m)^RESULT (.*)$").matcher(out);
        assertTrue(result.find(), out);
        return new ObjectMapper().readTree(result.group(1));
    }

    /** The arguments are those of the command line: with a job file that is missing, its absence is all there is to complain about. */
    private static void requireCommand(List<String> arguments) {
        assertTrue(error(arguments).startsWith("Cannot read the job file: missing.yaml"), error(arguments));
        List<String> wrong = new ArrayList<>(arguments);
        wrong.add("--no-such-option");
        assertTrue(error(wrong).startsWith("Unknown option: '--no-such-option'"), error(wrong));
    }

    private static String error(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.set(1, "missing.yaml");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertEquals(2, Main.run(Map.of(), stream, stream, all.toArray(String[]::new)));
        return err.toString(StandardCharsets.UTF_8);
    }

    private JobSpec load(String job) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job);
        return JobFile.load(file, List.of(), Map.of(), folder);
    }

    static boolean hasPython() throws Exception {
        try {
            return output(List.of("python3", "-c", "import sys; print(sys.version_info >= (3, 10))"), Map.of())
                    .equals("True\n");
        } catch (IOException e) {
            return false;
        }
    }

    /** The output, errors included, of a command that ends well. */
    static String output(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(5, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), command + "\n" + out);
        return out;
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("docs/deploy.md")));
        try (Stream<Path> all = Files.walk(JOBS)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        return files;
    }

    private static List<Path> list(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String property(String pom, String name) {
        Matcher value = Pattern.compile("<" + name + ">([^<]+)</").matcher(pom);
        assertTrue(value.find());
        return value.group(1);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Map<String, Object> only(String file) throws IOException {
        List<Map<String, Object>> documents = yaml(Files.readString(JOBS.resolve(file)));
        assertEquals(1, documents.size());
        return documents.get(0);
    }

    private static List<Map<String, Object>> yaml(String text) {
        List<Map<String, Object>> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(text)
                .forEach(document -> documents.add(map(document)));
        return documents;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value, String... path) {
        Map<String, Object> map = (Map<String, Object>) value;
        for (String name : path) {
            map = (Map<String, Object>) map.get(name);
        }
        return map;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> map, String name) {
        return (List<Object>) map.get(name);
    }

    private static List<String> strings(Map<String, Object> map, String name) {
        return list(map, name).stream().map(Object::toString).toList();
    }
}
