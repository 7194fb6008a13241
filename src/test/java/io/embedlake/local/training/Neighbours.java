package io.embedlake.local.training;

import io.embedlake.reduce.Activation;
import io.embedlake.reduce.DenseNetwork;
import io.embedlake.reduce.NetworkReducer;
import io.embedlake.reduce.Standardization;
import io.embedlake.spi.Vectors;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** How well vectors of images tell what the images show. Stateless. */
final class Neighbours {
    private static final int PROJECTIONS = 5;

    private Neighbours() {}

    /** The share of the other images whose nearest neighbour in the sample, by cosine, is of their group. */
    static double accuracy(UnaryOperator<float[]> reducer) {
        return accuracy(
                FashionMnist.TRAIN.images().stream().map(reducer).toList(),
                FashionMnist.TEST.images().stream().map(reducer).toList());
    }

    static double accuracy(List<float[]> sample, List<float[]> others) {
        return IntStream.range(0, others.size())
                .mapToDouble(i -> {
                    int nearest = nearest(sample, others.get(i));
                    return FashionMnist.TRAIN.groups()[nearest]
                                    == FashionMnist.TEST.groups()[i]
                            ? 1
                            : 0;
                })
                .average()
                .orElseThrow();
    }

    private static int nearest(List<float[]> sample, float[] vector) {
        double best = Double.NEGATIVE_INFINITY;
        int nearest = 0;
        for (int i = 0; i < sample.size(); i++) {
            double cosine = Vectors.cosine(vector, sample.get(i));
            if (cosine > best) {
                best = cosine;
                nearest = i;
            }
        }
        return nearest;
    }

    /** What random projections of the same size reach, on average. */
    static double accuracyOfRandomProjections(int dimensions) {
        Standardization standardization = Standardization.of(FashionMnist.TRAIN.images());
        return IntStream.range(0, PROJECTIONS)
                .mapToDouble(seed -> accuracy(
                        new NetworkReducer(
                                        standardization,
                                        new DenseNetwork(List.of(FirstWeights.random(
                                                standardization.dimensions(),
                                                dimensions,
                                                Activation.NONE,
                                                new Random(seed)))))::reduce))
                .average()
                .orElseThrow();
    }
}
