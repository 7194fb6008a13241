package io.embedlake.local.training;

import io.embedlake.reduce.NetworkReducer;
import java.util.List;

/** The platform {@code autoencoder}: rows of numbers and categories through the narrow middle of an autoencoder. Stateless. */
public final class AutoencoderPlatform extends TabularPlatform {
    @Override
    public String name() {
        return "autoencoder";
    }

    @Override
    NetworkReducer train(List<float[]> features, int dimensions, long seed) {
        return AutoencoderTraining.train(features, AutoencoderTraining.settings(dimensions, seed))
                .encoder();
    }
}
