package io.embedlake.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where the project's build left what the tests start. Stateless. */
final class Project {
    static final Path ROOT = Path.of("").toAbsolutePath();
    static final Path LAUNCHER = ROOT.resolve("jobs/embedlake");
    static final Path DEFINITIONS = ROOT.resolve("conf/quickstart/definitions.jsonl");

    private Project() {}

    /** The jars of the launcher's class path, without the project's own classes. */
    static List<Path> jars() {
        try {
            String classPath =
                    Files.readString(ROOT.resolve("target/classpath.txt")).strip();
            return List.of(classPath.split(File.pathSeparator)).stream()
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class path of a JVM that runs tests' classes beside the project's. */
    static String testClassPath() {
        List<Path> path = new ArrayList<>(List.of(ROOT.resolve("target/test-classes"), ROOT.resolve("target/classes")));
        path.addAll(jars());
        return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** A java command with the packages opened that Spark needs; as the build opened them for this JVM. */
    static List<String> java(String... options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(opens());
        return command;
    }

    static List<String> opens() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens="))
                .toList();
    }

    /** The first rows of the quickstart's table as a file of JSON lines. */
    static Path definitions(Path file, int rows) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, Files.readAllLines(DEFINITIONS).subList(0, rows));
    }

    /** A job that takes a second, once Spark is there, and the table that it reads: it hashes the first definitions of the quickstart. */
    static Path smallJob(Path folder, String name, int rows) throws IOException {
        definitions(folder.resolve("definitions.jsonl"), rows);
        return Files.writeString(
                folder.resolve("job.yaml"),
                "job: " + name + "\nsource: {path: definitions.jsonl, format: json, id: synset}\n"
                        + "target: {table: delta.`target`}\nembeddings:\n"
                        + "  - {column: vector, attribute: definition, platform: hashing, dimensions: 64,"
                        + " reduce: {method: none}}\n");
    }

    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
