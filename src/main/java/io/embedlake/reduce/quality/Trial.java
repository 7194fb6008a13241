package io.embedlake.reduce.quality;

import io.embedlake.reduce.Processors;
import io.embedlake.reduce.Reduction;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A sample on which reductions are tried: what is near what by the full vectors is found once. Uses all processors. Immutable and
 * thread-safe.
 */
public final class Trial {
    /** With fewer vectors there are not enough neighbours to find. */
    public static final int LEAST_ROWS = 12;

    private static final int MOST_QUERIES = 500;
    private static final int MOST_NEIGHBOURS = 100;
    private static final int PAIRS = 20;

    private final float[][] vectors;
    private final int[] queries;
    private final int[] others;
    private final int neighbours;
    private final Nearest[] truth;

    /**
     * Finds the neighbours of some of the vectors.
     *
     * @param vectors {@code [rows][dimensions]}, at least {@link #LEAST_ROWS}; kept
     * @param seed chooses the queries
     */
    public Trial(float[][] vectors, long seed) {
        if (vectors.length < LEAST_ROWS) {
            throw new IllegalArgumentException("a trial needs at least " + LEAST_ROWS + " vectors: " + vectors.length);
        }
        Random random = new Random(seed);
        int[] shuffled = shuffled(vectors.length, random);
        this.vectors = vectors;
        this.queries = Arrays.copyOf(shuffled, Math.min(MOST_QUERIES, vectors.length));
        this.others = random.ints(PAIRS, 0, vectors.length).toArray();
        this.neighbours = Math.min(MOST_NEIGHBOURS, vectors.length - 1);
        this.truth = nearest(new Directions(vectors), queries(vectors));
    }

    private static int[] shuffled(int count, Random random) {
        int[] places = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int place = places[i];
            places[i] = places[j];
            places[j] = place;
        }
        return places;
    }

    /** Tries a reduction. */
    public Quality of(Reduction reduction) {
        float[][] published = Processors.use(() ->
                Arrays.stream(vectors).parallel().map(reduction::published).toArray(float[][]::new));
        float[][] asked = Arrays.stream(queries)
                .mapToObj(query -> reduction.reducer().reduce(vectors[query]))
                .toArray(float[][]::new);
        Nearest[] found = nearest(new Directions(published), asked);
        return new Quality(
                vectors.length,
                queries.length,
                reduction.bytes(vectors[0]),
                recall(found, 1, 1),
                recall(found, Math.min(10, neighbours), Math.min(10, neighbours)),
                recall(found, neighbours, neighbours),
                recall(found, Math.min(10, neighbours), neighbours),
                Ranks.correlation(similarities(truth, queries(vectors)), similarities(found, asked)));
    }

    private float[][] queries(float[][] all) {
        return Arrays.stream(queries).mapToObj(query -> all[query]).toArray(float[][]::new);
    }

    private Nearest[] nearest(Directions directions, float[][] asked) {
        Nearest[] nearest = new Nearest[asked.length];
        int groups = (asked.length + Directions.QUERIES - 1) / Directions.QUERIES;
        Processors.run(() -> IntStream.range(0, groups).parallel().forEach(group -> {
            float[][] four = new float[Directions.QUERIES][];
            float[][] similarities = new float[Directions.QUERIES][directions.count()];
            int from = group * Directions.QUERIES;
            for (int i = 0; i < four.length; i++) {
                four[i] = asked[Math.min(asked.length - 1, from + i)];
            }
            directions.compare(four, similarities);
            for (int i = 0; i < four.length && from + i < asked.length; i++) {
                nearest[from + i] = Nearest.of(similarities[i], queries[from + i], neighbours, others);
            }
        }));
        return nearest;
    }

    private double recall(Nearest[] found, int k, int among) {
        long shared = 0;
        for (int i = 0; i < found.length; i++) {
            shared += truth[i].shared(k, found[i], among);
        }
        return (double) shared / ((long) found.length * k);
    }

    /** The similarities of pairs: those of one query were left without its length. */
    private static double[] similarities(Nearest[] nearest, float[][] asked) {
        return IntStream.range(0, nearest.length)
                .boxed()
                .flatMapToDouble(i -> {
                    double squares = 0;
                    for (float value : asked[i]) {
                        squares += (double) value * value;
                    }
                    double length = squares > 0 ? Math.sqrt(squares) : 1;
                    float[] some = nearest[i].some();
                    return IntStream.range(0, some.length).mapToDouble(j -> some[j] / length);
                })
                .toArray();
    }
}
