package io.embedlake.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder that serves as a Spark distribution with Delta: links to the jars of the build's class path that a cluster would
 * have, {@code spark-submit} and {@code spark-class}. None of embedlake's own libraries is in it. Immutable; closed by whoever made it.
 *
 * @param home the folder
 */
record SparkDistribution(Path home) implements AutoCloseable {
    private static final List<String> OWN_LIBRARIES = List.of(
            "/ai/djl/",
            "/com/microsoft/onnxruntime/",
            "/org/snakeyaml/",
            "/info/picocli/",
            "/net/java/dev/jna/",
            "/dev/langchain4j/");

    static SparkDistribution make(Path folder) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        for (Path jar : Project.jars()) {
            if (OWN_LIBRARIES.stream().noneMatch(jar.toString()::contains)) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        Files.writeString(folder.resolve("RELEASE"), "Spark\n");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        String home = "export SPARK_HOME='" + folder + "' SPARK_SCALA_VERSION=2.13\nexec "
                + Project.java("-Xmx1g", "-XX:TieredStopAtLevel=1").stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        String classPath = " -cp '" + jars + "/*' ";
        script(bin.resolve("spark-submit"), home + classPath + "org.apache.spark.deploy.SparkSubmit \"$@\"");
        script(bin.resolve("spark-class"), home + " $SPARK_DAEMON_JAVA_OPTS" + classPath + "\"$@\"");
        return new SparkDistribution(folder);
    }

    /** The variables by which a JVM with Spark finds what executors are started from. */
    Map<String, String> environment() {
        return Map.of("SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.13");
    }

    private static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Removes the links, which a folder for temporary files would complain about. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("jars"))) {
            for (Path jar : jars.toList()) {
                Files.delete(jar);
            }
        }
    }
}
