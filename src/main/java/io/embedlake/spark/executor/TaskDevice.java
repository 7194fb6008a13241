package io.embedlake.spark.executor;

import io.embedlake.config.DeviceChoice;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.spark.TaskContext;

/** Decides where a task computes, and on how many threads. Stateless. */
public final class TaskDevice {
    /** Spark's name for the resource. */
    static final String GPU = "gpu";

    private TaskDevice() {}

    /** The device of a task; outside of one, as on the driver of a local session, nothing is granted. */
    public static Device of(DeviceChoice choice, TaskContext task, IntSupplier visible) {
        if (task == null) {
            return of(choice, List.of(), visible, 0);
        }
        List<String> granted = task.resourcesJMap().containsKey(GPU)
                ? List.of(task.resourcesJMap().get(GPU).addresses())
                : List.of();
        return of(choice, granted, visible, task.partitionId());
    }

    /**
     * The device of a task.
     *
     * @param choice what the job asks for
     * @param granted the addresses of the GPUs that Spark gave the task
     * @param visible how many GPUs this JVM sees; called only when the job wants one and Spark gave none
     * @param partition the task's partition, which spreads tasks over the visible GPUs
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a GPU is required and there is none
     */
    public static Device of(DeviceChoice choice, List<String> granted, IntSupplier visible, int partition) {
        return switch (choice) {
            case CPU -> Device.CPU;
            case AUTO -> granted.isEmpty() ? Device.CPU : gpu(granted.get(0));
            case GPU -> granted.isEmpty() ? spread(visible.getAsInt(), partition) : gpu(granted.get(0));
        };
    }

    /** On how many threads a task computes: on a GPU batches wait for each other, so one hands them over. */
    static int threads(Device device, int cpus) {
        return device.isGpu() ? 1 : cpus;
    }

    /**
     * The same where one machine runs all tasks of a stage, and has cores for more of them.
     *
     * @param cores of the machine
     */
    static int threads(Device device, TaskContext task, int cores) {
        return threads(device, Math.max(task.cpus(), cores / Math.max(1, task.numPartitions())));
    }

    private static Device gpu(String address) {
        try {
            return new Device(Integer.parseInt(address.strip()));
        } catch (NumberFormatException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the GPU that Spark gave the task: " + address
                            + " (its address is not a number). Correct Spark's resource discovery script.",
                    e);
        }
    }

    private static Device spread(int visible, int partition) {
        if (visible == 0) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed on a GPU: there is none (device: gpu needs one in every task). Start Spark with"
                            + " spark.task.resource.gpu.amount on machines that have GPUs, or set device to auto or cpu.");
        }
        return new Device(partition % visible);
    }
}
