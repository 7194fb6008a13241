package io.embedlake.spark.ml;

import io.embedlake.lexical.fitted.BagPlatform;
import io.embedlake.lexical.fitted.Word2VecPlatform;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.SelfFittingPlatform;

/** Finds the fitter of a platform's models. Stateless. */
public final class ModelFitters {
    private ModelFitters() {}

    /** The fitter of a platform's models. */
    public static ModelFitter of(FittedPlatform platform) {
        if (platform instanceof SelfFittingPlatform self) {
            return new CollectingFitter(self);
        }
        if (platform instanceof BagPlatform bag) {
            return new BagFitter(bag);
        }
        if (platform instanceof Word2VecPlatform words) {
            return new Word2VecFitter(words);
        }
        throw new IllegalArgumentException("nothing fits models for the platform " + platform.name());
    }
}
