package io.embedlake.spark.index;

import io.embedlake.ivf.BlockTopK;
import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import io.embedlake.reduce.quantize.Quantizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the ids of the nearest rows of many queries at once, by the index of a column in one version: each cell is read once for all queries
 * that visit it. As many cells are visited as {@link IndexSearch} would read. Immutable; runs on executors.
 *
 * @param scan reads the entries
 * @param files the files with the entries
 * @param cells the cells
 * @param needed how many of them a query visits
 * @param code what the bytes of entries mean
 */
public record NearestIds(EntryScan scan, List<EntryFile> files, Cells cells, CellsNeeded needed, Quantizer code)
        implements Serializable {
    /** So many entries are compared at once, however large their cell is. */
    private static final int MOST_AT_ONCE = 4096;

    /** A file has fewer entries than that. */
    private static final int ROW_BITS = 40;

    public NearestIds {
        files = List.copyOf(files);
    }

    /** The parts of an id as they are found: under the index's names, with the types of what is read. */
    public StructType ids() {
        return scan.ids().read();
    }

    /** The length of the vectors. */
    public int dimension() {
        return cells.dimension();
    }

    /**
     * The ids of the rows that are nearest by cosine similarity, the best first; of equally near rows the same ones each time.
     *
     * @param units the queries, {@code [count][dimension]} of length 1, one after the other
     * @param k how many rows of each query are looked for
     * @param recall the share of them that must be found on average, 0 to 1
     * @return for each query its ids, at most {@code k}
     */
    public List<List<Object[]>> of(float[] units, int count, int k, double recall) {
        return new Search(this, units, count, k, recall).ids();
    }

    /** A search for some queries. Confined to one thread. */
    private static final class Search {
        private final NearestIds index;
        private final float[] units;
        private final int k;
        private final double recall;
        private final BlockTopK comparison;
        private final TopK[] best;
        private final int[] visited;

        /** The ids of the best entries, by the numbers that stand for them. */
        private final Map<Long, Object[]> ids = new HashMap<>();

        Search(NearestIds index, float[] units, int count, int k, double recall) {
            this.index = index;
            this.units = units;
            this.k = k;
            this.recall = recall;
            this.comparison = new BlockTopK(index.dimension());
            this.best = new TopK[count];
            Arrays.setAll(best, query -> new TopK(k, Float.NEGATIVE_INFINITY));
            this.visited = new int[count];
        }

        List<List<Object[]>> ids() {
            int[] needed = firstGuess();
            for (Visits visits = visits(needed); !visits.isEmpty(); visits = visits(needed)) {
                compare(visits);
                ids.keySet().retainAll(kept());
                Arrays.setAll(needed, this::needed);
            }
            List<List<Object[]>> found = new ArrayList<>(best.length);
            for (TopK one : best) {
                List<Object[]> own = new ArrayList<>(one.size());
                for (int place = 0; place < one.size(); place++) {
                    own.add(ids.get(one.number(place)));
                }
                found.add(own);
            }
            return found;
        }

        private int[] firstGuess() {
            int[] cells = new int[best.length];
            float[] cosines = new float[best.length];
            index.cells.nearest(units, 0, best.length, cells, cosines);
            int[] guess = new int[best.length];
            Arrays.setAll(guess, query -> index.needed.atFirst(cosines[query], recall));
            return guess;
        }

        /** How many cells a query needs, by the farthest of its rows. */
        private int needed(int query) {
            return best[query].size() < k
                    ? index.needed.more(visited[query])
                    : index.needed.upTo(best[query].score(k - 1), recall);
        }

        /** The cells that queries have not visited yet, and visit now. */
        private Visits visits(int[] needed) {
            int all = index.cells.count();
            Visits visits = new Visits(all);
            for (int query = 0; query < best.length; query++) {
                if (visited[query] == all || needed[query] <= visited[query]) {
                    continue;
                }
                if (needed[query] > CellsNeeded.MOST_READ * all) {
                    best[query].clear();
                    visits.addEverywhere(query);
                    visited[query] = all;
                } else {
                    int dimension = index.dimension();
                    float[] unit = Arrays.copyOfRange(units, query * dimension, (query + 1) * dimension);
                    int[] nearest = index.cells.nearest(unit, needed[query]);
                    visits.add(query, Arrays.copyOfRange(nearest, visited[query], nearest.length));
                    visited[query] = nearest.length;
                }
            }
            return visits;
        }

        private void compare(Visits visits) {
            int[] cells = visits.cells();
            for (EntryFile file : index.files) {
                if (file.hasAny(cells)) {
                    Held held = new Held(visits, file.number());
                    index.scan.read(file, cells, held::add);
                    held.compare();
                }
            }
        }

        private Set<Long> kept() {
            Set<Long> kept = new HashSet<>();
            for (TopK one : best) {
                for (int place = 0; place < one.size(); place++) {
                    kept.add(one.number(place));
                }
            }
            return kept;
        }

        /** Entries of one cell and file that wait to be compared. */
        private final class Held {
            private final Visits visits;
            private final long file;
            private final RowBlock.Builder vectors = new RowBlock.Builder(index.dimension());
            private final Map<Long, Object[]> own = new HashMap<>();
            private int cell = Cells.NONE;

            Held(Visits visits, int file) {
                this.visits = visits;
                this.file = file;
            }

            void add(EntryScan.Entry entry) {
                if (entry.cell() != cell || vectors.count() == MOST_AT_ONCE) {
                    compare();
                    cell = entry.cell();
                }
                long number = file << ROW_BITS | entry.row();
                Object[] id = new Object[index.scan.ids().count()];
                Arrays.setAll(id, entry::id);
                Directions.of(index.code.decode(entry.vector())).ifPresent(unit -> {
                    vectors.add(unit, number);
                    own.put(number, id);
                });
            }

            void compare() {
                int[] queries = visits.of(cell);
                RowBlock block = vectors.build();
                TopK[] visiting = new TopK[queries.length];
                float[] together = new float[queries.length * index.dimension()];
                for (int i = 0; i < queries.length; i++) {
                    visiting[i] = best[queries[i]];
                    System.arraycopy(
                            units, queries[i] * index.dimension(), together, i * index.dimension(), index.dimension());
                }
                comparison.offer(together, queries.length, block, visiting);
                for (TopK one : visiting) {
                    for (int place = 0; place < one.size(); place++) {
                        Object[] id = own.get(one.number(place));
                        if (id != null) {
                            ids.put(one.number(place), id);
                        }
                    }
                }
                own.clear();
            }
        }
    }

    /** Which queries visit which cells. Confined to one thread. */
    private static final class Visits {
        private final int count;
        private final Map<Integer, List<Integer>> queries = new HashMap<>();

        /** Queries that visit all cells. */
        private final List<Integer> everywhere = new ArrayList<>();

        Visits(int count) {
            this.count = count;
        }

        void add(int query, int[] cells) {
            for (int cell : cells) {
                queries.computeIfAbsent(cell, none -> new ArrayList<>()).add(query);
            }
        }

        void addEverywhere(int query) {
            everywhere.add(query);
        }

        boolean isEmpty() {
            return queries.isEmpty() && everywhere.isEmpty();
        }

        /** The cells that are visited, sorted. */
        int[] cells() {
            if (!everywhere.isEmpty()) {
                int[] all = new int[count];
                Arrays.setAll(all, cell -> cell);
                return all;
            }
            return new TreeSet<>(queries.keySet())
                    .stream().mapToInt(cell -> cell).toArray();
        }

        /** The queries that visit a cell. */
        int[] of(int cell) {
            List<Integer> all = new ArrayList<>(queries.getOrDefault(cell, List.of()));
            all.addAll(everywhere);
            return all.stream().mapToInt(query -> query).toArray();
        }
    }
}
