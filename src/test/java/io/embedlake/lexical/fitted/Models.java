package io.embedlake.lexical.fitted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Models that tests make up. Stateless. */
final class Models {
    private Models() {}

    /** Two words, one of which counts twice, in vectors of one number each. */
    static BagModel tiny() {
        return new BagModel(
                new Terms.LowerCaseWords(),
                Weighting.TF_IDF,
                7,
                List.of("cat", "dog"),
                new float[] {1, 2},
                2,
                new float[0]);
    }

    /** Words {@code w0, w1, ...} with random weights and a random projection. */
    static BagModel random(Random random, int terms, int dimensions) {
        float[] weights = new float[terms];
        float[] projection = new float[terms * dimensions];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 + random.nextFloat();
        }
        for (int i = 0; i < projection.length; i++) {
            projection[i] = (float) random.nextGaussian();
        }
        List<String> vocabulary =
                IntStream.range(0, terms).mapToObj(i -> "w" + i).toList();
        return new BagModel(
                new Terms.LowerCaseWords(), Weighting.COUNTS, 100, vocabulary, weights, dimensions, projection);
    }

    static Path write(Path folder, byte[] model) {
        try {
            return Files.write(Files.createTempFile(folder, "fitted-", ".model"), model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
