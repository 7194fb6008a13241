package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.col;

import io.embedlake.ivf.Directions;
import io.embedlake.reduce.quantize.FloatBytes;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.store.TableChange;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds the ids of the nearest rows by the index of a column. Rows that have changed since the index was built are compared one by one.
 * Confined to the driver.
 */
public final class IndexSearch {
    /** Above this share of changed files the whole column is read instead. */
    private static final double MOST_CHANGED = 0.1;

    private static final int CANDIDATES = 100;
    private static final int CANDIDATES_FOR_EACH = 10;
    private static final String SCORE = "score";
    private static final String RANKING = "ranking";
    private static final Comparator<Hit> BEST_FIRST =
            Comparator.comparingDouble((Hit hit) -> -hit.score()).thenComparing(IndexSearch::compareIds);

    private final Tables tables;
    private final IndexedColumn column;
    private final IndexTables index;

    public IndexSearch(Tables tables, IndexedColumn column) {
        this.tables = tables;
        this.column = column;
        this.index = new IndexTables(tables, column.store(), column.scope());
    }

    /**
     * What is looked for.
     *
     * @param vector the query, reduced like the column
     * @param full the query's full vector
     * @param k how many rows
     * @param recall the share of them that must be found on average, 0 to 1
     * @param filter keeps the rows that meet the search's condition, if it has one
     */
    public record Query(
            float[] vector, float[] full, int k, double recall, Optional<UnaryOperator<Dataset<Row>>> filter) {}

    /**
     * A row that was found.
     *
     * @param id the values of the columns that name it
     * @param score the cosine similarity to the query
     */
    public record Hit(List<Object> id, double score) {}

    /**
     * What a search by the index gave.
     *
     * @param hits the rows, best first; nothing where the whole column must be searched instead
     * @param how what was read, or why the index was not used, in a sentence; empty where there is no index
     */
    public record Answer(Optional<List<Hit>> hits, String how) {
        private static Answer none(String why) {
            return new Answer(Optional.empty(), why.isEmpty() ? "" : "The whole column was searched: " + why + ".");
        }
    }

    /** The index as it can be searched. */
    private record Open(IndexFit fit, Dataset<Row> entries, Optional<TableChange> change) {}

    /** Searches. Whatever is wrong with the index, the answer is never a wrong one. */
    public Answer nearest(Query query) {
        Optional<float[]> unit = Directions.of(query.vector());
        if (unit.isEmpty() || query.recall() >= 1) {
            return Answer.none("");
        }
        try {
            Optional<IndexState> state = index.state();
            if (state.isEmpty()) {
                return Answer.none(tables.exists(index.entries()) ? "its index was never finished" : "");
            }
            if (!state.get().isOf(column)) {
                return Answer.none("its index is of vectors of another model or reduction");
            }
            Optional<IndexFit> fit = index.fit(state.get().fit());
            if (fit.isEmpty()) {
                return Answer.none("the cells of its index are missing");
            }
            Optional<TableVersion> newest = tables.newestVersion(column.table());
            boolean isCurrent = newest.equals(Optional.of(state.get().target()));
            Optional<TableChange> change = isCurrent
                    ? Optional.empty()
                    : newest.flatMap(
                            now -> tables.change(column.table(), state.get().target(), now));
            if (!isCurrent
                    && change.filter(known -> known.share() <= MOST_CHANGED).isEmpty()) {
                return Answer.none("much of the table has changed since its index was built");
            }
            return search(query, unit.get(), new Open(fit.get(), index.rows(state.get()), change));
        } catch (Exception e) {
            return Answer.none(
                    "its index cannot be read (when " + index.entries() + " is dropped, the next run builds it anew)");
        }
    }

    private Answer search(Query query, float[] unit, Open open) {
        OptionalInt read = open.fit().curve().cells(query.k(), query.recall());
        while (read.isPresent()) {
            Dataset<Row> probed = probed(query, unit, open, read.getAsInt());
            List<Row> proposed = proposed(query, probed);
            if (proposed.size() < query.k()) {
                return Answer.none("few of the rows that its index proposed meet the condition");
            }
            OptionalInt needed = query.filter().isEmpty()
                    ? read
                    : open.fit().curve().cells(depth(probed, proposed.get(query.k() - 1)), query.recall());
            if (needed.isPresent() && needed.getAsInt() <= read.getAsInt()) {
                return answer(query, open, read.getAsInt(), proposed);
            }
            read = needed;
        }
        return Answer.none("so many nearest rows are in too many cells of its index");
    }

    /** The entries of the nearest cells, with their scores, without those of rows that have changed. */
    private Dataset<Row> probed(Query query, float[] unit, Open open, int read) {
        Object[] cells =
                Arrays.stream(open.fit().cells().nearest(unit, read)).boxed().toArray();
        Column score = VectorColumns.similarityOfBytes(
                col(IndexedColumn.VECTOR), query.vector(), open.fit().lengths().code(column));
        Dataset<Row> scored = open.entries()
                .where(isIn(open.fit().cells().nearest(unit, read)))
                .withColumn(SCORE, score);
        return open.change()
                .map(change -> joined(scored, column.idsOf(change.before()), "left_anti"))
                .orElse(scored);
    }

    /** Alternatives rather than a list, of which Spark takes no more than the least and the greatest value to skip pages by. */
    private static Column isIn(int[] cells) {
        Deque<Column> ranges = new ArrayDeque<>();
        int[] sorted = Arrays.stream(cells).sorted().toArray();
        for (int from = 0, to = 0; from < sorted.length; from = to) {
            to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[to - 1] + 1) {
                to++;
            }
            ranges.add(col(IndexTables.CELL).between(sorted[from], sorted[to - 1]));
        }
        while (ranges.size() > 1) {
            // First in, first out: the tree is balanced.
            ranges.add(ranges.poll().or(ranges.poll()));
        }
        return ranges.poll();
    }

    /** The best entries of rows that meet the condition, by the published vectors: id, score, and score by the full vectors. */
    private List<Row> proposed(Query query, Dataset<Row> probed) {
        Dataset<Row> meeting = query.filter()
                .map(filter -> joined(probed, column.idsOf(filter.apply(tables.read(column.table()))), "left_semi"))
                .orElse(probed);
        int most = column.full().isEmpty() ? query.k() : Math.max(CANDIDATES, CANDIDATES_FOR_EACH * query.k());
        return best(meeting, most).select(columns(query)).collectAsList();
    }

    private Answer answer(Query query, Open open, int read, List<Row> proposed) {
        List<Hit> hits = new ArrayList<>(proposed.stream().map(this::hit).toList());
        open.change()
                .ifPresent(change ->
                        changed(query, open, change).stream().map(this::hit).forEach(hits::add));
        hits.sort(BEST_FIRST);
        int count = open.fit().cells().count();
        return new Answer(
                Optional.of(List.copyOf(hits.subList(0, query.k()))),
                String.format(
                        Locale.ROOT,
                        "The index read %d of %d cells for a recall of %s%s.",
                        read,
                        count,
                        query.recall(),
                        open.change().isPresent() ? ", and all rows that have changed since" : ""));
    }

    /** The best of the rows that are not as the index has them. */
    private List<Row> changed(Query query, Open open, TableChange change) {
        Dataset<Row> rows =
                query.filter().map(filter -> filter.apply(change.after())).orElse(change.after());
        Column score = VectorColumns.similarityOfBytes(
                col(IndexedColumn.VECTOR), query.vector(), open.fit().lengths().code(column));
        Dataset<Row> scored = column.vectorsOf(rows, open.fit().lengths()).withColumn(SCORE, score);
        return best(scored, query.k()).select(columns(query)).collectAsList();
    }

    private Dataset<Row> best(Dataset<Row> scored, int most) {
        Column[] order = Stream.concat(Stream.of(col(SCORE).desc()), column.idColumns().stream())
                .toArray(Column[]::new);
        return scored.orderBy(order).limit(most);
    }

    /** The parts of the id, the score, and the score by which rows are ranked in the end. */
    private Column[] columns(Query query) {
        Column ranking = column.full().isEmpty()
                ? col(SCORE)
                : VectorColumns.similarityOfBytes(
                        col(IndexedColumn.FULL), query.full(), new FloatBytes(query.full().length));
        return Stream.concat(column.idColumns().stream(), Stream.of(col(SCORE), ranking.as(RANKING)))
                .toArray(Column[]::new);
    }

    private Hit hit(Row row) {
        List<Object> id = new ArrayList<>();
        for (int i = 0; i < column.ids().size(); i++) {
            id.add(row.get(i));
        }
        return new Hit(id, row.<Double>getAs(RANKING));
    }

    /** How many of all entries that were read are as near as this one: what the condition leaves is as deep in all. */
    private static long depth(Dataset<Row> probed, Row last) {
        return probed.where(col(SCORE).geq(last.<Double>getAs(SCORE))).count();
    }

    private Dataset<Row> joined(Dataset<Row> entries, Dataset<Row> ids, String type) {
        Column same = IntStream.range(0, column.ids().size())
                .mapToObj(i -> entries.col(IndexedColumn.id(i)).equalTo(ids.col(IndexedColumn.id(i))))
                .reduce(Column::and)
                .orElseThrow();
        return entries.join(ids, same, type);
    }

    @SuppressWarnings("unchecked")
    private static int compareIds(Hit one, Hit other) {
        for (int i = 0; i < one.id().size(); i++) {
            int order = one.id().get(i) instanceof Comparable<?> value
                    ? ((Comparable<Object>) value).compareTo(other.id().get(i))
                    : 0;
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
