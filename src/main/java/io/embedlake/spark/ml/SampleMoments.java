package io.embedlake.spark.ml;

import io.embedlake.reduce.pca.Moments;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Sums up the moments of a column of vectors where the vectors are: each partition on its executor, then neighbouring partitions
 * with each other, until few enough are left for the driver. Stateless; confined to the driver.
 *
 * <p>Parts are put together in the order of their partitions, so the same partitions with their rows in the same order give the same
 * bits.
 */
final class SampleMoments {
    /** Neither the driver nor a task holds more of others' moments than this. */
    private static final long BYTES_AT_ONCE = 128L << 20;

    private static final int MOST_AT_ONCE = 32;

    /** This few are combined whatever their size, without looking at the rows. */
    private static final int FEWEST_AT_ONCE = 2;

    private SampleMoments() {}

    /** The moments of a part of the partitions, identified by its position. */
    private record Part(int place, Moments moments) implements java.io.Serializable {}

    /** The moments; nothing when there is no row. */
    static Optional<Moments> of(Dataset<Row> rows, String column) {
        // One RDD for the look at its first row and the sums: what was shuffled for the one is there for the other.
        JavaRDD<VectorRow> vectors = rows.select(rows.col(column).as("vector"))
                .as(Encoders.bean(VectorRow.class))
                .toJavaRDD();
        int count = vectors.getNumPartitions();
        int atOnce = count <= FEWEST_AT_ONCE ? FEWEST_AT_ONCE : atOnce(vectors.take(1));
        JavaPairRDD<Integer, Part> parts =
                vectors.mapPartitionsWithIndex(new OfPartition(), false).mapToPair(new ByGroup(atOnce));
        while (count > atOnce) {
            count = (count + atOnce - 1) / atOnce;
            parts = parts.groupByKey(count).map(new Together()).mapToPair(new ByGroup(atOnce));
        }
        List<Part> last = parts.values().collect();
        return last.isEmpty() ? Optional.empty() : Optional.of(together(last));
    }

    /** How many parts are combined, where a first vector gives their size. */
    private static int atOnce(List<VectorRow> first) {
        if (first.isEmpty()) {
            return MOST_AT_ONCE;
        }
        long bytes = new Moments(first.get(0).getVector().length).bytes();
        return (int) Math.max(FEWEST_AT_ONCE, Math.min(MOST_AT_ONCE, BYTES_AT_ONCE / bytes));
    }

    /** Mutates the parts, which are not shared: they were made or read for this. */
    private static Moments together(Iterable<Part> parts) {
        List<Part> ordered = new ArrayList<>();
        parts.forEach(ordered::add);
        ordered.sort(Comparator.comparingInt(Part::place));
        Moments all = ordered.get(0).moments();
        try {
            ordered.subList(1, ordered.size()).forEach(part -> all.add(part.moments()));
        } catch (IllegalArgumentException e) {
            throw broken(e);
        }
        return all;
    }

    /** The moments of a partition; none of an empty one. Immutable; runs on executors. */
    private static final class OfPartition implements Function2<Integer, Iterator<VectorRow>, Iterator<Part>> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Part> call(Integer partition, Iterator<VectorRow> rows) {
            if (!rows.hasNext()) {
                return List.<Part>of().iterator();
            }
            float[] first = rows.next().getVector();
            Moments moments = new Moments(first.length);
            try {
                moments.add(first);
                while (rows.hasNext()) {
                    moments.add(rows.next().getVector());
                }
            } catch (IllegalArgumentException e) {
                throw broken(e);
            }
            return List.of(new Part(partition, moments.finish())).iterator();
        }
    }

    private static EmbedlakeException broken(IllegalArgumentException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot fit a reduction: the store holds " + cause.getMessage()
                        + " (all vectors of a fingerprint are finite and of one length; something else wrote this one). Delete"
                        + " its row from the store: it will be embedded again.",
                cause);
    }

    /** The parts that will be put together with a part. Immutable; runs on executors. */
    private record ByGroup(int atOnce) implements PairFunction<Part, Integer, Part> {
        @Override
        public Tuple2<Integer, Part> call(Part part) {
            return new Tuple2<>(part.place() / atOnce, part);
        }
    }

    /** Puts a group's parts together. Immutable; runs on executors. */
    private static final class Together implements Function<Tuple2<Integer, Iterable<Part>>, Part> {
        private static final long serialVersionUID = 1L;

        @Override
        public Part call(Tuple2<Integer, Iterable<Part>> group) {
            return new Part(group._1(), together(group._2()));
        }
    }
}
