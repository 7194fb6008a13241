package io.embedlake.ivf;

import java.io.Serializable;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The best of many scores, each with the cell it comes from: a heap with the worst on top. Confined to one thread. */
public final class Nearest implements Serializable {
    private static final long serialVersionUID = 1L;

    private final float[] scores;
    private final int[] cells;
    private int size;

    /** @param most how many are kept, at least 1 */
    public Nearest(int most) {
        this.scores = new float[most];
        this.cells = new int[most];
    }

    /** Offers a score; not a number is none. */
    public void offer(float score, int cell) {
        if (size < scores.length) {
            if (score == score) {
                up(size++, score, cell);
            }
        } else if (score > scores[0]) {
            down(score, cell);
        }
    }

    /** Offers what another has kept. */
    public void offer(Nearest other) {
        for (int i = 0; i < other.size; i++) {
            offer(other.scores[i], other.cells[i]);
        }
    }

    /** The cells of the kept scores, the best first; equal ones by cell. */
    public int[] cells() {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparingInt(i -> cells[i]))
                .mapToInt(i -> cells[i])
                .toArray();
    }

    private void up(int from, float score, int cell) {
        int at = from;
        while (at > 0 && scores[(at - 1) / 2] > score) {
            put(at, scores[(at - 1) / 2], cells[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        put(at, score, cell);
    }

    private void down(float score, int cell) {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && scores[child + 1] < scores[child]) {
                child++;
            }
            if (scores[child] >= score) {
                break;
            }
            put(at, scores[child], cells[child]);
            at = child;
        }
        put(at, score, cell);
    }

    private void put(int at, float score, int cell) {
        scores[at] = score;
        cells[at] = cell;
    }
}
