package io.embedlake.local.training;

import io.embedlake.reduce.NetworkReducer;
import java.util.List;

/** The platform {@code gan}: rows of numbers and categories as the features of a GAN's discriminator. Stateless. */
public final class GanPlatform extends TabularPlatform {
    @Override
    public String name() {
        return "gan";
    }

    @Override
    NetworkReducer train(List<float[]> features, int dimensions, long seed) {
        return GanTraining.train(features, GanTraining.settings(dimensions, seed));
    }
}
