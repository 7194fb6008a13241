package io.embedlake.local.training;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;

/** What a training brings down. Stateless. */
final class TrainingLoss {
    private TrainingLoss() {}

    /**
     * Stops a training that has gone astray.
     *
     * @param what is trained, for messages
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the loss is not finite
     */
    static void requireFinite(String what, double loss) {
        if (!Double.isFinite(loss)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot train " + what + ": its loss became " + loss
                            + " (it has to stay a number). Look for values of another scale than the rest, and leave"
                            + " them out.");
        }
    }
}
