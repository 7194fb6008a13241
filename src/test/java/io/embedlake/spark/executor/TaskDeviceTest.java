package io.embedlake.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.embedlake.config.BatchTokens;
import io.embedlake.config.DeviceChoice;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.job.PickyPlatform;
import io.embedlake.spark.run.Progress;
import io.embedlake.spi.Device;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Decisions that need no session: where a task computes, which embedders stay loaded, what progress says. */
@ResourceLock(PickyPlatform.NAME)
class TaskDeviceTest {
    private static int nobodyAsks() {
        throw new AssertionError("nobody asks how many GPUs there are");
    }

    @Test
    void takesTheGpuThatSparkGranted() {
        assertEquals(new Device(3), TaskDevice.of(DeviceChoice.AUTO, List.of("3"), TaskDeviceTest::nobodyAsks, 0));
        assertEquals(new Device(3), TaskDevice.of(DeviceChoice.GPU, List.of("3", "4"), TaskDeviceTest::nobodyAsks, 0));
        assertEquals(Device.CPU, TaskDevice.of(DeviceChoice.CPU, List.of("3"), TaskDeviceTest::nobodyAsks, 0));
        assertEquals(Device.CPU, TaskDevice.of(DeviceChoice.AUTO, List.of(), TaskDeviceTest::nobodyAsks, 0));
    }

    @Test
    void spreadsTasksOverVisibleGpus() {
        assertEquals(new Device(1), TaskDevice.of(DeviceChoice.GPU, List.of(), () -> 4, 5));
    }

    @Test
    void fillsTheProcessorsCoresAndFeedsAGpuFromOneThread() {
        assertEquals(4, TaskDevice.threads(Device.CPU, 4));
        assertEquals(1, TaskDevice.threads(new Device(0), 4));
    }

    @Test
    void refusesAGpuThatIsNotThere() {
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> TaskDevice.of(DeviceChoice.GPU, List.of(), () -> 0, 0),
                "Cannot embed on a GPU: there is none",
                "spark.task.resource.gpu.amount");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> TaskDevice.of(DeviceChoice.AUTO, List.of("GPU-1a2b"), () -> 0, 0),
                "GPU-1a2b",
                "discovery script");
    }

    @Test
    void tasksShareAnEmbedderUntilNobodyLeasesIt() {
        EmbedderPool pool = new EmbedderPool(System::nanoTime);
        var spec = new PickyPlatform()
                .describe(new io.embedlake.spi.EmbedderRequest(java.util.Optional.of("pool test"), java.util.Map.of()));
        int loaded = PickyPlatform.LOADED.get();
        int closed = PickyPlatform.CLOSED.get();
        EmbedderPool.Lease first = pool.lease(spec, Device.CPU);
        EmbedderPool.Lease second = pool.lease(spec, Device.CPU);
        assertSame(first.embedder(), second.embedder());
        assertSame(first.batchSize(BatchTokens.AUTO), second.batchSize(BatchTokens.AUTO));
        assertEquals(4711, first.batchSize(new BatchTokens(4711)).tokens());
        assertEquals(loaded + 1, PickyPlatform.LOADED.get());
        first.close();
        pool.closeIdle();
        assertEquals(closed, PickyPlatform.CLOSED.get());
        second.close();
        pool.closeIdle();
        assertEquals(closed + 1, PickyPlatform.CLOSED.get());
    }

    @Test
    void progressReadsLikeASentence() {
        assertEquals(
                "vector: 1,200 of 3,000 texts (40 %), 300 texts/s, 4,500 tokens/s, 6 s left",
                new Progress("vector", InputKind.TEXT, 1200, 3000, 18_000, Duration.ofSeconds(4)).line());
        assertEquals(
                "vector: 0 of 3,000 texts (0 %), 0 texts/s, 0 tokens/s, unknown time left",
                new Progress("vector", InputKind.TEXT, 0, 3000, 0, Duration.ofSeconds(1)).line());
        assertEquals("2 h 5 min", Progress.readable(Duration.ofMinutes(125)));
        assertEquals("1 min 1 s", Progress.readable(Duration.ofSeconds(61)));
    }
}
