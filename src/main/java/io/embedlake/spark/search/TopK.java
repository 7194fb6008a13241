package io.embedlake.spark.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a partition that are most similar to a query, by cosine, best first. Streams: holds no more than {@code k} rows
 * at a time. Immutable; runs on executors.
 *
 * <p>Ties go to the smaller key, so that the answer does not depend on how the table is partitioned.
 */
final class TopK implements MapPartitionsFunction<KeyedVector, Row> {
    static final StructType SCHEMA = StructType.fromDDL("key STRING NOT NULL, score DOUBLE NOT NULL");

    private static final long serialVersionUID = 1L;

    /** A candidate. */
    private record Scored(String key, double score) implements Serializable {
        static final Comparator<Scored> BEST_FIRST =
                Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::key);
    }

    private final float[] query;
    private final int k;

    TopK(float[] query, int k) {
        this.query = query;
        this.k = k;
    }

    @Override
    public Iterator<Row> call(Iterator<KeyedVector> rows) {
        double queryNorm = Math.sqrt(dot(query, query));
        PriorityQueue<Scored> best = new PriorityQueue<>(Scored.BEST_FIRST.reversed());
        while (rows.hasNext()) {
            KeyedVector row = rows.next();
            float[] vector = row.getVector();
            double norm = Math.sqrt(dot(vector, vector)) * queryNorm;
            Scored scored = new Scored(row.getKey(), norm == 0 ? 0 : dot(query, vector) / norm);
            if (best.size() < k) {
                best.add(scored);
            } else if (Scored.BEST_FIRST.compare(scored, best.peek()) < 0) {
                best.poll();
                best.add(scored);
            }
        }
        List<Scored> sorted = new ArrayList<>(best);
        sorted.sort(Scored.BEST_FIRST);
        return sorted.stream()
                .map(scored -> RowFactory.create(scored.key(), scored.score()))
                .iterator();
    }

    private static double dot(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalStateException(
                    "the column holds a vector of " + b.length + " values where the query has " + a.length);
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
