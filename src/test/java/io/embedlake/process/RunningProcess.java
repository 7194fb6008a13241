package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process whose output goes to files. Confined to one thread; closed by whoever started it, and then it does not run any
 * more.
 */
final class RunningProcess implements AutoCloseable {
    /** Long enough for a busy machine: a test that waits so long has failed. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Starts of Spark are short of processor time: the quick compiler alone gets them further. */
    static final Map<String, String> QUICK_START = Map.of(
            "EMBEDLAKE_SPARK", "embedded",
            "EMBEDLAKE_HEAP", "1g",
            "EMBEDLAKE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");

    private static final long POLL_MILLIS = 5;

    private final Process process;
    private final Path out;
    private final Path err;

    private RunningProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What a process left behind. */
    record Ended(int exitCode, String out, String err) {
        Ended requireExit(int expected) {
            if (exitCode != expected) {
                fail("exit code " + exitCode + " instead of " + expected + "\n" + err + out);
            }
            return this;
        }
    }

    /** Starts the launcher. */
    static RunningProcess launch(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Project.LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        return start(folder, environment, command);
    }

    /** Starts a command in a folder, with variables on top of this process's own; an empty one is taken away. */
    static RunningProcess start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile("process", ".out");
        Path err = Files.createTempFile("process", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return new RunningProcess(builder.start(), out, err);
    }

    /** Starts the launcher and waits for its end. */
    static Ended run(Path folder, Map<String, String> environment, String... arguments) throws Exception {
        try (RunningProcess running = launch(folder, environment, arguments)) {
            return running.end();
        }
    }

    Ended end() throws Exception {
        return end(PATIENCE);
    }

    /** Waits for the end, at most this long. */
    Ended end(Duration patience) throws Exception {
        assertTrue(
                process.waitFor(patience.toSeconds(), TimeUnit.SECONDS),
                () -> "no end after " + patience + "\n" + read(err) + read(out));
        return ended();
    }

    /** Waits until a condition holds or the process has ended; fails when neither comes. */
    void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            assertTrue(System.nanoTime() < deadline, () -> "nothing happened in " + PATIENCE + "\n" + read(err));
        }
    }

    /** Waits for a time, or until the process has ended. */
    void await(Duration time) throws InterruptedException {
        process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Ends the process as {@code kill -9} does. */
    Ended kill() throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        return ended();
    }

    /** The processes that it and its children have started and whose command holds this. */
    List<ProcessHandle> descendants(String command) {
        return process.descendants()
                .filter(child -> child.info().commandLine().orElse("").contains(command))
                .toList();
    }

    /** Asks the process to end. */
    void terminate() {
        process.destroy();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private Ended ended() {
        return new Ended(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
