package io.embedlake.reduce.quality;

/** The most similar vectors to a query, and the similarities to some others. Immutable by convention. */
record Nearest(int[] best, float[] some) {

    /**
     * The best of the similarities.
     *
     * @param similarities to all vectors
     * @param self the query's own place, which does not count
     * @param k how many; there are more vectors
     * @param others the places whose similarities are kept
     */
    static Nearest of(float[] similarities, int self, int k, int[] others) {
        float[] kept = new float[others.length];
        for (int i = 0; i < others.length; i++) {
            kept[i] = similarities[others[i]];
        }
        return new Nearest(best(similarities, self, k), kept);
    }

    /** By insertion, the best first; of equal ones the one that comes first. */
    private static int[] best(float[] similarities, int self, int k) {
        int[] best = new int[k];
        int found = 0;
        for (int i = 0; i < similarities.length; i++) {
            if (i == self || found == k && !(similarities[i] > similarities[best[k - 1]])) {
                continue;
            }
            int place = Math.min(found, k - 1);
            while (place > 0 && similarities[i] > similarities[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = i;
            found = Math.min(k, found + 1);
        }
        return best;
    }

    /** How many of the first {@code k} are among another's first {@code among}. */
    int shared(int k, Nearest other, int among) {
        int shared = 0;
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < among; j++) {
                if (best[i] == other.best[j]) {
                    shared++;
                    break;
                }
            }
        }
        return shared;
    }
}
