package io.embedlake.spi;

import java.io.Serializable;

/**
 * Where an embedder computes. Immutable.
 *
 * @param gpu the GPU's index, or -1 for the processor
 */
public record Device(int gpu) implements Serializable {
    /** The processor. */
    public static final Device CPU = new Device(-1);

    public Device {
        if (gpu < -1) {
            throw new IllegalArgumentException("no such GPU: " + gpu);
        }
    }

    /** Whether this is a GPU. */
    public boolean isGpu() {
        return gpu >= 0;
    }

    /**
     * Makes sure that this is the processor.
     *
     * @param platform the platform that can use nothing else
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is a GPU
     */
    public void requireProcessor(String platform) {
        if (isGpu()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot run the platform " + platform + " on " + this
                            + " (it computes on the processor). Set device to cpu.");
        }
    }

    @Override
    public String toString() {
        return isGpu() ? "gpu " + gpu : "cpu";
    }
}
