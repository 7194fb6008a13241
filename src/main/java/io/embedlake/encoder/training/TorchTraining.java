package io.embedlake.encoder.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.encoder.DjlRuntime;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs trainings on the processor, one at a time in a JVM: DJL collects gradients for one only. libtorch computes on the caller's thread
 * and draws no random numbers, so that there is nothing of its state to set or to restore. Thread-safe.
 */
final class TorchTraining {
    private TorchTraining() {}

    /** Runs a training with a manager that is closed after it. */
    static synchronized <T> T alone(Function<NDManager, T> training) {
        try (NDManager manager = DjlRuntime.torch().newBaseManager(Device.cpu())) {
            return training.apply(manager);
        }
    }

    /**
     * Collects the gradients of a loss.
     *
     * @param what is trained, for messages
     * @param loss gives one number, whose arrays the caller closes
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the loss is not finite
     */
    static void descend(String what, Supplier<NDArray> loss) {
        float value;
        try (GradientCollector collector = DjlRuntime.torch().newGradientCollector()) {
            NDArray number = loss.get();
            collector.backward(number);
            value = number.getFloat();
        }
        if (!Float.isFinite(value)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot train " + what + ": its loss became " + value
                            + " (it has to stay a number). Look for values of another scale than the rest, and leave"
                            + " them out.");
        }
    }
}
