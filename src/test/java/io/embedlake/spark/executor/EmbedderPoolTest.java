package io.embedlake.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EmbedderPoolTest {
    private static final EmbedderSpec A = spec("a");
    private static final EmbedderSpec B = spec("b");

    private final AtomicLong nanos = new AtomicLong();
    private final EmbedderPool pool = new EmbedderPool(nanos::get);
    private final Recorder recorder = new Recorder();

    @Test
    void tasksShareAnEmbedderAndItStaysForTheNextOne() {
        try (EmbedderPool.Lease one = lease(A);
                EmbedderPool.Lease other = lease(A)) {
            assertSame(one.embedder(), other.embedder());
        }
        pass(Duration.ofSeconds(30));
        pool.closeForgotten();
        lease(A).close();
        assertEquals(List.of("load a"), recorder.events);
    }

    /** The main class of a JVM that is stopped before it has used the pool, as by Ctrl-C while a session starts. */
    static final class StoppedAtStart {
        private StoppedAtStart() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> EmbedderPool.ofJvm().closeIdle()));
        }
    }

    @Test
    void aJvmThatIsStoppedWhileItStartsEndsWithoutAStackTrace() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder(EmbedderPool.class) + File.pathSeparator + folder(StoppedAtStart.class),
                        StoppedAtStart.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertEquals("", printed);
    }

    /** Where a class of the project was compiled to. */
    private static Path folder(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** On executors nobody once closed anything. */
    @Test
    void whatNobodyHasUsedForTwoMinutesIsClosed() {
        EmbedderPool.Lease used = lease(B);
        lease(A).close();
        pass(EmbedderPool.LONGEST_IDLE);
        pool.closeForgotten();
        assertEquals(List.of("load b", "load a", "close a"), recorder.events);
        used.close();
        pool.closeForgotten();
        assertEquals(List.of("load b", "load a", "close a"), recorder.events);
    }

    @Test
    void whatIsIdleMakesRoomForAnotherModelOnItsDevice() {
        lease(A, Device.CPU).close();
        lease(A, new Device(0)).close();
        pass(EmbedderPool.LEAST_IDLE);
        lease(B, new Device(0)).close();
        assertEquals(List.of("load a", "load a", "close a", "load b"), recorder.events);
    }

    @Test
    void modelsWhoseTasksTakeTurnsStayLoaded() {
        for (int i = 0; i < 3; i++) {
            lease(A).close();
            pass(Duration.ofSeconds(1));
            lease(B).close();
        }
        assertEquals(List.of("load a", "load b"), recorder.events);
    }

    /** The pool's lock was once held meanwhile. */
    @Test
    void whileOneModelLoadsOthersAreLeasedAndReleased() throws Exception {
        EmbedderPool.Lease ready = lease(A);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EmbedderLoader slow = (spec, device) -> {
            begun.countDown();
            await(release);
            return recorder.load(spec, device);
        };
        CompletableFuture<EmbedderPool.Lease> first =
                CompletableFuture.supplyAsync(() -> pool.lease(B, Device.CPU, slow, embedder -> {}));
        await(begun);
        CompletableFuture<EmbedderPool.Lease> second =
                CompletableFuture.supplyAsync(() -> pool.lease(B, Device.CPU, slow, embedder -> {}));
        CompletableFuture.runAsync(ready::close).get(60, TimeUnit.SECONDS);
        CompletableFuture.supplyAsync(() -> lease(A)).get(60, TimeUnit.SECONDS).close();
        assertFalse(first.isDone());
        release.countDown();
        assertSame(
                first.get(60, TimeUnit.SECONDS).embedder(),
                second.get(60, TimeUnit.SECONDS).embedder());
        assertEquals(List.of("load a", "load b"), recorder.events);
    }

    @Test
    void whatCouldNotBeLoadedIsLoadedByTheNextTask() {
        EmbedlakeException damaged = new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot load it.");
        EmbedderLoader bad = (spec, device) -> {
            recorder.events.add("fail");
            throw damaged;
        };
        for (int i = 0; i < 2; i++) {
            assertSame(
                    damaged,
                    assertThrows(EmbedlakeException.class, () -> pool.lease(A, Device.CPU, bad, embedder -> {})));
        }
        assertThrows(
                EmbedlakeException.class,
                () -> pool.lease(A, Device.CPU, recorder, embedder -> {
                    throw damaged;
                }));
        lease(A).close();
        assertEquals(List.of("fail", "fail", "load a", "close a", "load a"), recorder.events);
    }

    private EmbedderPool.Lease lease(EmbedderSpec spec) {
        return lease(spec, Device.CPU);
    }

    private EmbedderPool.Lease lease(EmbedderSpec spec, Device device) {
        return pool.lease(spec, device, recorder, embedder -> {});
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("waited for a minute");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static EmbedderSpec spec(String name) {
        return new EmbedderSpec("test", name, Fingerprint.of(Map.of("model", name)), Map.of());
    }

    private static final class Recorder implements EmbedderLoader {
        private static final long serialVersionUID = 1L;

        private final transient List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Embedder load(EmbedderSpec spec, Device device) {
            events.add("load " + spec.label());
            return new Embedder() {
                @Override
                public int dimension() {
                    return 1;
                }

                @Override
                public EmbeddingSession open() {
                    throw new AssertionError("nobody embeds");
                }

                @Override
                public void close() {
                    events.add("close " + spec.label());
                }
            };
        }
    }
}
