package io.embedlake.links;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Where a class is found: what a cluster brings in the cluster's jars alone, everything else in the project's classes, its libraries and Java.
 * Confined to one thread.
 */
final class ClassPath implements AutoCloseable {
    /** Packages of Spark's distribution and Delta Lake; the job jar has none of them. */
    private static final List<String> OF_CLUSTER = List.of(
            "org/apache/spark/",
            "org/apache/hadoop/",
            "org/apache/parquet/",
            "org/apache/commons/text/",
            "org/slf4j/",
            "io/delta/",
            "scala/",
            "com/fasterxml/jackson/",
            "dev/ludovic/netlib/",
            "org/netlib/");

    private final List<JarFile> cluster;
    private final ClassLoader own;
    private final Map<String, Optional<ClassShape>> shapes = new HashMap<>();

    /**
     * @param cluster a folder of jars that stand for a cluster's
     * @param own where everything else is found
     */
    ClassPath(Path cluster, ClassLoader own) throws IOException {
        this.own = own;
        List<JarFile> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(cluster, "*.jar")) {
            for (Path file : files) {
                jars.add(new JarFile(file.toFile()));
            }
        }
        this.cluster = List.copyOf(jars);
    }

    /** @param name with slashes, as class files have it */
    Optional<ClassShape> find(String name) {
        Optional<ClassShape> known = shapes.get(name);
        if (known == null) {
            known = read(name);
            shapes.put(name, known);
        }
        return known;
    }

    private Optional<ClassShape> read(String name) {
        try (InputStream file = open(name)) {
            return file == null ? Optional.empty() : Optional.of(ClassShape.read(file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(String name) throws IOException {
        String file = name + ".class";
        if (OF_CLUSTER.stream().noneMatch(name::startsWith)) {
            return own.getResourceAsStream(file);
        }
        for (JarFile jar : cluster) {
            if (jar.getEntry(file) != null) {
                return jar.getInputStream(jar.getEntry(file));
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        for (JarFile jar : cluster) {
            jar.close();
        }
    }
}
