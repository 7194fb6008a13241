package io.embedlake.ivf;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The best rows of one query by score, those of the same score by number, the lowest first: what is kept does not depend on the order in
 * which rows come. Confined to one thread.
 */
public final class TopK implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int FIRST = 16;

    private final int k;
    private final float least;
    private float[] scores;
    private long[] numbers;
    private int size;

    /**
     * Nothing yet.
     *
     * @param k how many rows are kept, at least 1
     * @param least rows with a lower score are not kept
     */
    public TopK(int k, float least) {
        if (k < 1) {
            throw new IllegalArgumentException("k is " + k);
        }
        this.k = k;
        this.least = least;
        this.scores = new float[Math.min(k, FIRST)];
        this.numbers = new long[scores.length];
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /** The score of a row, the best of which is at 0. */
    public float score(int place) {
        return scores[place];
    }

    /** The number of a row, the best of which is at 0. */
    public long number(int place) {
        return numbers[place];
    }

    /** No row with a lower score would be kept. */
    float threshold() {
        return size < k ? least : scores[k - 1];
    }

    /** Keeps a row if it is among the best; one whose score is not a number never is. */
    public void offer(float score, long number) {
        if (!(score >= threshold()) || size == k && !isBefore(score, number, size - 1)) {
            return;
        }
        if (size == scores.length && size < k) {
            int larger = (int) Math.min(k, 2L * size);
            scores = Arrays.copyOf(scores, larger);
            numbers = Arrays.copyOf(numbers, larger);
        }
        int from = 0;
        int to = Math.min(size, k - 1);
        int last = to;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (isBefore(score, number, middle)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        System.arraycopy(scores, from, scores, from + 1, last - from);
        System.arraycopy(numbers, from, numbers, from + 1, last - from);
        scores[from] = score;
        numbers[from] = number;
        size = last + 1;
    }

    private boolean isBefore(float score, long number, int place) {
        return score > scores[place] || score == scores[place] && number < numbers[place];
    }

    /** Keeps the best of both here. */
    public void merge(TopK other) {
        for (int i = 0; i < other.size; i++) {
            offer(other.scores[i], other.numbers[i]);
        }
    }

    /** Forgets all rows. */
    public void clear() {
        size = 0;
    }
}
