package io.embedlake.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.embedlake.spi.EmbeddingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** libtorch's helpers carry the name of the thread that they help: there are none. */
class CallersThreadTest {
    private static final Path TASKS = Path.of("/proc/self/task");

    @Test
    void productsOfANewThreadAreComputedByItAlone() throws InterruptedException {
        DjlRuntime.torch();
        assertEquals(1, threadsOf("alone-product", () -> {
            try (NDManager manager = DjlRuntime.torch().newBaseManager(ai.djl.Device.cpu())) {
                NDArray matrix = manager.create(new float[512 * 512], new Shape(512, 512));
                matrix.matMul(matrix).getFloat(0, 0);
            }
        }));
    }

    @Test
    void textsOfANewThreadAreEmbeddedByItAlone() throws InterruptedException {
        assertEquals(1, threadsOf("alone-texts", () -> {
            try (EmbeddingSession session = MiniLm.EMBEDDER.open()) {
                session.embed(
                        Stream.of("one", "two", "three").map(session::encode).toList());
            }
        }));
    }

    /** How many threads of a name there are, once the first of them has done its work. */
    private static long threadsOf(String name, Runnable work) throws InterruptedException {
        assumeTrue(Files.isDirectory(TASKS), "the threads of a process are listed on Linux only");
        AtomicLong count = new AtomicLong();
        Thread thread = new Thread(
                () -> {
                    work.run();
                    count.set(named(name));
                },
                name);
        thread.start();
        thread.join();
        return count.get();
    }

    private static long named(String name) {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> name(task).equals(name)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty when the thread has just ended. */
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
