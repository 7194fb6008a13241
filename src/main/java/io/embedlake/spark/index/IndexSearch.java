package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.col;

import io.embedlake.ivf.Cells;
import io.embedlake.ivf.Directions;
import io.embedlake.ivf.RecallCurve;
import io.embedlake.spark.sql.VectorColumns;
import io.embedlake.spark.sql.VectorKernels;
import io.embedlake.spark.store.TableChange;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

    private static final String CHANGED =
            "the table has changed since its index was built; the next run brings it up to date";

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
     * @param file the file of the table that has it, as the table's log names it
     */
    public record Hit(List<Object> id, double score, String file) {
        private Hit scored(double other) {
            return new Hit(id, other, file);
        }
    }

    /**
     * Rows that were found.
     *
     * @param best the best of them, best first
     * @param version the version of the table that was searched
     */
    public record Hits(List<Hit> best, TableVersion version) {}

    /**
     * What a search by the index gave.
     *
     * @param hits the rows; nothing where the whole column must be searched instead
     * @param how what was read, or why the index was not used, in a sentence; empty where there is no index
     */
    public record Answer(Optional<Hits> hits, String how) {
        private static Answer none(String why) {
            return new Answer(Optional.empty(), why.isEmpty() ? "" : "The whole column was searched: " + why + ".");
        }
    }

    /** The index as it can be searched. */
    private record Open(IndexFit fit, CellEntries entries, TableVersion version, Optional<TableChange> change) {
        /** The files whose rows are not as the index has them. */
        private Set<String> gone() {
            return change.map(TableChange::gone).orElseGet(Set::of);
        }
    }

    /** The index where it can be searched, else why not; empty where there is none. */
    private record Opening(Optional<Open> open, String why) {
        private static Opening none(String why) {
            return new Opening(Optional.empty(), why);
        }
    }

    /**
     * The index for the queries of many rows.
     *
     * @param ids finds their nearest rows; nothing where the index cannot be used so
     * @param version the version of the table that it is of
     * @param why it cannot be used; empty where there is no index
     */
    public record Prepared(Optional<NearestIds> ids, Optional<TableVersion> version, String why) {
        private static Prepared none(String why) {
            return new Prepared(Optional.empty(), Optional.empty(), why);
        }
    }

    /** An entry that was read, and where. */
    private record Proposal(Hit hit, int file, long row) {}

    /** The recall that was measured when its cells were fitted; nothing where there is no index of the column's vectors. */
    public Optional<RecallCurve> recall() {
        return index.state()
                .filter(state -> state.isOf(column))
                .flatMap(state -> index.fit(state.fit()))
                .map(IndexFit::curve);
    }

    /** Searches. Whatever is wrong with the index, the answer is never a wrong one. */
    public Answer nearest(Query query) {
        Optional<float[]> unit = Directions.of(query.vector());
        if (unit.isEmpty() || query.recall() >= 1) {
            return Answer.none("");
        }
        try {
            Opening opening = opening(MOST_CHANGED);
            return opening.open()
                    .map(open -> search(query, unit.get(), open))
                    .orElseGet(() -> Answer.none(opening.why()));
        } catch (Exception e) {
            return Answer.none(unreadable());
        }
    }

    /** The index for the queries of many rows, where it is of the table's newest version. */
    public Prepared prepared() {
        try {
            Opening opening = opening(0);
            return opening.open().map(this::prepared).orElseGet(() -> Prepared.none(opening.why()));
        } catch (Exception e) {
            return Prepared.none(unreadable());
        }
    }

    private Prepared prepared(Open open) {
        NearestIds ids = open.entries().nearest(open.fit(), open.fit().lengths().code(column));
        return new Prepared(Optional.of(ids), Optional.of(open.version()), "");
    }

    private String unreadable() {
        return "its index cannot be read (when " + index.entries() + " is dropped, the next run builds it anew)";
    }

    /** @param mostChanged the share of changed files up to which it is opened; with 0 no change is looked for */
    private Opening opening(double mostChanged) {
        Optional<IndexState> state = index.state();
        if (state.isEmpty()) {
            return Opening.none(tables.exists(index.entries()) ? "its index was never finished" : "");
        }
        if (!state.get().isOf(column)) {
            return Opening.none("its index is of vectors of another model or reduction");
        }
        Optional<TableVersion> newest = tables.newestVersion(column.table());
        boolean isCurrent = newest.equals(Optional.of(state.get().target()));
        if (!isCurrent && mostChanged == 0) {
            return Opening.none(CHANGED);
        }
        Optional<IndexFit> fit = index.fit(state.get().fit());
        if (fit.isEmpty()) {
            return Opening.none("the cells of its index are missing");
        }
        Optional<TableChange> change = isCurrent
                ? Optional.empty()
                : newest.flatMap(
                        now -> tables.change(column.table(), state.get().target(), now));
        if (!isCurrent && change.filter(known -> known.share() <= mostChanged).isEmpty()) {
            return Opening.none("much of the table has changed since its index was built");
        }
        return index.files(state.get(), column)
                .map(entries ->
                        new Opening(Optional.of(new Open(fit.get(), entries, newest.orElseThrow(), change)), ""))
                .orElseGet(() -> Opening.none("its entries are of a kind that is not read by cells"));
    }

    /** Reads cells, the nearest first, until the farthest of the rows found says that no more are needed. */
    private Answer search(Query query, float[] unit, Open open) {
        Cells cells = open.fit().cells();
        int most = Math.max(1, (int) (CellsNeeded.MOST_READ * cells.count()));
        int[] nearest = cells.nearest(unit, most);
        List<Proposal> proposed = List.of();
        int read = 0;
        CellsNeeded rule = open.fit().needed();
        int needed = rule.atFirst(cells.cosines(unit)[nearest[0]], query.recall());
        while (read < needed) {
            if (needed > most || needed == cells.count()) {
                return Answer.none("the nearest rows are in too many cells of its index");
            }
            proposed = better(query, open, proposed, Arrays.copyOfRange(nearest, read, needed));
            read = needed;
            needed = proposed.size() < query.k()
                    ? rule.more(read)
                    : rule.upTo(proposed.get(query.k() - 1).hit().score(), query.recall());
        }
        return answer(query, open, read, proposed);
    }

    /** The best of some rows and of the entries of further cells. */
    private List<Proposal> better(Query query, Open open, List<Proposal> known, int[] cells) {
        int most = column.full().isEmpty() ? query.k() : Math.max(CANDIDATES, CANDIDATES_FOR_EACH * query.k());
        Dataset<Row> scored = open.entries()
                .scored(
                        cells,
                        query.vector(),
                        open.fit().lengths().code(column),
                        open.gone(),
                        query.filter().isEmpty() ? most : Integer.MAX_VALUE);
        Dataset<Row> meeting = query.filter()
                .map(filter -> meeting(scored, column.idsOf(filter.apply(tables.read(column.table())))))
                .orElse(scored);
        Stream<Proposal> found = best(meeting, most).collectAsList().stream()
                .map(row -> new Proposal(
                        hit(row), row.<Integer>getAs(CellEntries.ENTRY_FILE), row.<Long>getAs(CellEntries.ENTRY_ROW)));
        return Stream.concat(known.stream(), found)
                .sorted(Comparator.comparing(Proposal::hit, BEST_FIRST))
                .limit(most)
                .toList();
    }

    private Answer answer(Query query, Open open, int read, List<Proposal> proposed) {
        List<Hit> hits = new ArrayList<>(ranked(query, open, proposed));
        open.change().ifPresent(change -> hits.addAll(changed(query, open, change)));
        hits.sort(BEST_FIRST);
        List<Hit> best = List.copyOf(hits.subList(0, query.k()));
        return new Answer(
                Optional.of(new Hits(best, open.version())),
                String.format(
                        Locale.ROOT,
                        "The index read %d of %d cells for a recall of %s%s.",
                        read,
                        open.fit().cells().count(),
                        query.recall(),
                        open.change().isPresent() ? ", and all rows that have changed since" : ""));
    }

    /** The proposals with the similarities of their full vectors, where the column has them. */
    private List<Hit> ranked(Query query, Open open, List<Proposal> proposed) {
        if (column.full().isEmpty()) {
            return proposed.stream().map(Proposal::hit).toList();
        }
        Map<Integer, long[]> places = new HashMap<>();
        proposed.stream()
                .collect(Collectors.groupingBy(Proposal::file))
                .forEach((file, own) ->
                        places.put(file, own.stream().mapToLong(Proposal::row).toArray()));
        Map<List<Number>, byte[]> full = open.entries().full(places);
        VectorKernels.Similarity similarity =
                new VectorKernels.Similarity(query.full(), open.fit().lengths().fullCode());
        return proposed.stream()
                .map(one -> Optional.ofNullable(full.get(List.<Number>of(one.file(), one.row())))
                        .map(vector -> one.hit().scored(similarity.ofBinary(vector)))
                        .orElse(one.hit()))
                .toList();
    }

    /** The best of the rows that are not as the index has them. */
    private List<Hit> changed(Query query, Open open, TableChange change) {
        Dataset<Row> rows =
                query.filter().map(filter -> filter.apply(change.after())).orElse(change.after());
        IndexedColumn.Lengths lengths = open.fit().lengths();
        Column score = column.full().isEmpty()
                ? VectorColumns.similarityOfBytes(col(IndexedColumn.VECTOR), query.vector(), lengths.code(column))
                : VectorColumns.similarityOfBytes(col(IndexedColumn.FULL), query.full(), lengths.fullCode());
        Dataset<Row> scored = column.vectorsOf(tables, rows, lengths).withColumn(CellEntries.SCORE, score);
        return best(scored, query.k()).collectAsList().stream()
                .map(row -> hit(row))
                .toList();
    }

    private Dataset<Row> best(Dataset<Row> scored, int most) {
        Column[] order = Stream.concat(Stream.of(col(CellEntries.SCORE).desc()), column.idColumns().stream())
                .toArray(Column[]::new);
        return scored.orderBy(order).limit(most);
    }

    private Hit hit(Row row) {
        List<Object> id = new ArrayList<>();
        for (int i = 0; i < column.ids().size(); i++) {
            id.add(row.getAs(IndexedColumn.id(i)));
        }
        return new Hit(id, row.<Double>getAs(CellEntries.SCORE), row.<String>getAs(IndexedColumn.FILE));
    }

    private Dataset<Row> meeting(Dataset<Row> entries, Dataset<Row> ids) {
        Column same = IntStream.range(0, column.ids().size())
                .mapToObj(i -> entries.col(IndexedColumn.id(i)).equalTo(ids.col(IndexedColumn.id(i))))
                .reduce(Column::and)
                .orElseThrow();
        return entries.join(ids, same, "left_semi");
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
