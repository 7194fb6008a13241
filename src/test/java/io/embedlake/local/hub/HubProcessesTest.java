package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.retry.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, which share a cache and are killed. */
class HubProcessesTest {
    private static final int HELD_AT = 200_000;
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    Path folder;

    private HubFixture fixture;
    private CountDownLatch held;
    private Path partial;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        fixture.repository.commit(HubFixture.files());
        held = new CountDownLatch(1);
        fixture.server.fault(Faults.held(WEIGHTS, HELD_AT, held));
        partial = fixture.folder()
                .partial(FakeRepository.etag(WEIGHTS, HubFixture.files().get(WEIGHTS)));
    }

    @AfterEach
    void stop() {
        held.countDown();
        processes.forEach(Process::destroyForcibly);
        fixture.close();
    }

    @Test
    void aDownloadWhoseProcessWasKilledIsContinued() throws Exception {
        Process child = pull();
        await(() -> partial.toFile().length() == HELD_AT);
        child.destroyForcibly();
        assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertFalse(fixture.hub().cached(MODEL).isPresent());

        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(
                List.of("", "bytes=" + HELD_AT + "-"),
                fixture.server.calls("GET", WEIGHTS).stream()
                        .filter(call -> call.server().equals("storage"))
                        .map(call -> call.header("Range"))
                        .toList());
        assertFalse(Files.exists(partial));
    }

    @Test
    void processesThatPullAtOnceDownloadOnce() throws Exception {
        Process one = pull();
        Process other = pull();
        // Both know what the weights are; one downloads them, and the other waits.
        await(() -> fixture.server.calls("HEAD", WEIGHTS).size() == 2);
        await(() -> partial.toFile().length() == HELD_AT);
        held.countDown();
        for (Process process : List.of(one, other)) {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), Files.readString(folder.resolve("out")));
        }
        assertEquals(1, fixture.server.downloads(WEIGHTS));
        Hub hub = fixture.hub();
        assertWhole(hub.cached(MODEL).orElseThrow());
        assertEquals(5, hub.verify(MODEL).intact().size());
        assertEquals(5, Trees.children(fixture.folder().blobs()).size());
    }

    @Test
    void aThreadThatGivesUpWaitingDoesNotTakeTheLockFromItsOwner() throws Exception {
        held.countDown();
        Path file = fixture.folder()
                .lock(FakeRepository.etag(WEIGHTS, HubFixture.files().get(WEIGHTS)));
        Process child;
        try (BlobLock lock = BlobLock.acquire(file, Sleeper.REAL)) {
            Thread waiting =
                    new Thread(() -> assertThrows(InterruptedException.class, () -> BlobLock.acquire(file, Sleeper.REAL)
                            .close()));
            waiting.start();
            TimeUnit.MILLISECONDS.sleep(50);
            waiting.interrupt();
            waiting.join();
            child = pull();
            await(() -> fixture.server.calls("HEAD", WEIGHTS).size() == 1);
            TimeUnit.MILLISECONDS.sleep(300);
            assertEquals(0, fixture.server.downloads(WEIGHTS));
        }
        assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, fixture.server.downloads(WEIGHTS));
    }

    private Process pull() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        Pull.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()));
        builder.environment().clear();
        // Not an argument: Surefire's class path may be longer than one can be.
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        builder.environment().put("HF_ENDPOINT", fixture.server.endpoint().toString());
        builder.environment().put("HF_HUB_CACHE", fixture.cache.toString());
        builder.environment().put("HF_HOME", folder.toString());
        builder.environment().put("HF_HUB_DOWNLOAD_TIMEOUT", Long.toString(PATIENCE_SECONDS));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** What the child processes do. */
    static final class Pull {
        private Pull() {}

        public static void main(String[] arguments) {
            new Hub(HubSettings.of(System.getenv())).resolve(MODEL);
        }
    }

    private void await(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            String out = Files.exists(folder.resolve("out")) ? Files.readString(folder.resolve("out")) : "";
            assertTrue(System.nanoTime() < end, out);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void assertWhole(Snapshot snapshot) throws IOException {
        assertArrayEquals(
                HubFixture.files().get(WEIGHTS),
                Files.readAllBytes(snapshot.folder().resolve(WEIGHTS)));
    }
}
