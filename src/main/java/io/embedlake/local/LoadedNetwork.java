package io.embedlake.local;

import ai.djl.engine.EngineException;
import io.embedlake.local.family.LayeredNetwork;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.head.Head;
import io.embedlake.local.network.Network;
import io.embedlake.local.network.Parameters;
import io.embedlake.local.network.Precision;
import io.embedlake.local.network.Program;
import io.embedlake.local.network.Target;
import io.embedlake.local.network.TorchNetwork;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that embedlake has built from a checkpoint, on a device; failures of libtorch become errors in words. Thread-safe: each call
 * computes on its caller's thread. Closed by its owner, after all calls.
 */
final class LoadedNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedNetwork.class);

    private final String label;
    private final TorchNetwork network;

    private LoadedNetwork(String label, TorchNetwork network) {
        this.label = label;
        this.network = network;
    }

    /**
     * Builds and loads a network.
     *
     * @param begin what the network is written into, over its parameters
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when its weights do not fit, or the device is not there
     */
    static LoadedNetwork load(
            ModelFiles files,
            LayeredNetwork body,
            Head head,
            Function<Parameters, Network> begin,
            Precision precision,
            Device device) {
        requireDevice(files.label(), device);
        try {
            TorchNetwork network = TorchNetwork.load(
                    DjlRuntime.torch(),
                    device.isGpu() ? ai.djl.Device.gpu(device.gpu()) : ai.djl.Device.cpu(),
                    program(files, body, head, begin, new Target(device, precision)));
            return new LoadedNetwork(files.label(), network);
        } catch (EngineException e) {
            throw unusable(files.label(), precision, device, Processor.here(), e);
        }
    }

    /** What libtorch compiles, with the weights as they lie in their files. */
    static Program program(
            ModelFiles files, LayeredNetwork body, Head head, Function<Parameters, Network> begin, Target target) {
        Parameters parameters = body.parameters(files.weights().toString(), files.open());
        Network writing = begin.apply(parameters);
        Program program = writing.program(head.write(body, writing), target);
        logUnused(files.label(), parameters.unused());
        return program;
    }

    /** Such as the head of a task model; not worth a user's attention unless something is missing. */
    private static void logUnused(String label, Set<String> unused) {
        if (!unused.isEmpty()) {
            LOG.info(
                    "The network of {} does not use {} of its tensors, such as {}",
                    label,
                    unused.size(),
                    unused.iterator().next());
        }
    }

    private static void requireDevice(String label, Device device) {
        int visible = device.isGpu() ? DjlRuntime.torch().getGpuCount() : 0;
        if (device.isGpu() && device.gpu() >= visible) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + " on " + device + ": libtorch has no such GPU here (it sees "
                            + visible + "). Set device to cpu, or put libtorch's CUDA package on the class path of a"
                            + " machine with a GPU.");
        }
    }

    /** Why libtorch does not load a network. What it can do is its own decision; where the processor explains it, its reason is too vague. */
    static EmbedlakeException unusable(
            String label, Precision precision, Device device, Processor processor, RuntimeException cause) {
        boolean lacksBfloat16 = precision == Precision.BF16 && !device.isGpu() && !processor.hasBfloat16();
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                lacksBfloat16
                        ? "Cannot use the model " + label
                                + " in bf16: this processor does not compute it (oneDNN needs AVX-512, and"
                                + " ONEDNN_MAX_CPU_ISA must not be below it). Set precision to auto or fp32, or use another machine."
                        : "Cannot load the model " + label + " on " + device + ": libtorch refuses it ("
                                + firstLine(cause) + "). Set device to cpu, or change the key model.",
                cause);
    }

    /** The numbers that a batch gives. */
    float[] compute(Function<TorchNetwork, float[]> batch) {
        try {
            return batch.apply(network);
        } catch (EngineException e) {
            throw new EmbedlakeException(
                    isOutOfMemory(e) ? ErrorKind.TRANSIENT : ErrorKind.INVALID_INPUT,
                    "the network of " + label + " failed: " + firstLine(e),
                    e);
        }
    }

    /** As libtorch says it of a GPU and of a processor. */
    static boolean isOutOfMemory(RuntimeException failure) {
        Throwable cause =
                failure instanceof EmbedlakeException known && known.getCause() != null ? known.getCause() : failure;
        String message = String.valueOf(cause.getMessage());
        return message.contains("out of memory") || message.contains("can't allocate memory");
    }

    private static String firstLine(RuntimeException cause) {
        return String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse("no reason given");
    }

    @Override
    public void close() {
        network.close();
    }
}
