package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The one job jar and the one wheel with each Spark, Delta Lake and Java that they are for: the distributions that users install, a job of each
 * kind, SQL and Spark ML. It installs Gigabytes: {@code mvn verify -Pmatrix}.
 */
@Tag("matrix")
class MatrixIT {
    private static final String KEY = "sk-matrix-7b1e";
    private static final Duration WHOLE_SUITE = Duration.ofMinutes(30);

    @TempDir
    Path folder;

    @ParameterizedTest(name = "Spark {0}, Delta Lake {1}, Java {2}")
    @CsvSource({
        "4.0.0, 4.0.0, 17",
        "4.0.0, 4.4.0, 21",
        "4.1.0, 4.1.0, 17",
        "4.1.0, 4.4.0, 21",
        "4.2.1, 4.4.0, 17",
        "4.2.1, 4.4.0, 21",
        "4.2.1, 4.4.0, 25",
    })
    void aJobOfEachKindSqlAndSparkMlWork(String spark, String delta, String java) throws Exception {
        PythonEnvironment python = PythonEnvironment.of(spark);
        Map<String, String> variables = new HashMap<>(PythonEnvironment.variables(jars(spark, delta)));
        variables.put("JAVA_HOME", PythonEnvironment.java(java).toString());
        variables.put("EMBEDLAKE_TEST_KEY", KEY);
        try (FakeProvider fake = FakeProvider.start(
                Settings.of(Provider.OPENAI).withKeys(KEY).withDimension(16), new HashedVectors(16))) {
            variables.put("EMBEDLAKE_TEST_PROVIDER", fake.baseUrl().toString());
            try (RunningProcess suite = RunningProcess.start(
                    Project.ROOT,
                    variables,
                    List.of(
                            python.python(),
                            "-m",
                            "pytest",
                            "-q",
                            "-p",
                            "no:cacheprovider",
                            "--tb=short",
                            "src/test/python/test_smoke.py",
                            "src/test/python/test_package.py"))) {
                System.out.print(suite.end(WHOLE_SUITE).requireExit(0).out());
            }
            assertTrue(fake.stats().rowsBilledAgain() <= 1, "the harmless text alone: " + fake.stats());
        }
    }

    @ParameterizedTest(name = "Spark {0}")
    @CsvSource("3.5.8")
    void anOlderSparkIsRefusedWithASentence(String spark) throws Exception {
        Path home = PythonEnvironment.of(spark).sparkHome();
        RunningProcess.Ended ended;
        try (RunningProcess submit = RunningProcess.start(
                folder,
                Map.of("PYTHONPATH", "", "SPARK_HOME", home.toString()),
                List.of(
                        home.resolve("bin/spark-submit").toString(),
                        "--master",
                        "local[1]",
                        Project.ROOT.resolve("target/embedlake-0.1.0-job.jar").toString(),
                        "embed",
                        Project.ROOT.resolve("conf/quickstart.yaml").toString()))) {
            ended = submit.end();
        }
        assertEquals(2, ended.exitCode(), ended.err());
        assertTrue(
                ended.err().contains("Cannot use Spark " + spark + ": embedlake is built for Spark 4 "), ended.err());
        assertFalse(ended.err().contains("\tat "), ended.err());
    }

    /** The job jar, the embedded model, and Delta Lake as it is made for a version of Spark. */
    private static String jars(String spark, String delta) throws IOException {
        String suffix = delta.equals("4.0.0") ? "" : "_" + spark.replaceFirst("\\.[^.]*$", "");
        Path lake = Project.ROOT.resolve("target/matrix/delta" + suffix + "-" + delta);
        try (Stream<Path> jars = Files.list(lake)) {
            return Stream.concat(Stream.of(PythonEnvironment.jobJars()), jars.map(Path::toString))
                    .collect(Collectors.joining(","));
        }
    }
}
