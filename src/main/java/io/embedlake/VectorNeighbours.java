package io.embedlake;

import io.embedlake.config.TableRef;
import io.embedlake.spark.neighbours.JoinSide;
import io.embedlake.spark.neighbours.JoinSpec;
import io.embedlake.spark.neighbours.NeighbourJoin;
import io.embedlake.spark.neighbours.NeighbourReport;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * A join by similarity: the nearest rows of a table for each row of another, or of the same table without the row itself. Immutable: each
 * method returns a new join; thread-safe.
 */
public final class VectorNeighbours {
    private static final int DEFAULT_K = 10;
    private static final double DEFAULT_RECALL = 0.95;

    private final Supplier<SparkSession> session;
    private final Function<String, TableRef> tables;
    private final Asked asked;

    private VectorNeighbours(Supplier<SparkSession> session, Function<String, TableRef> tables, Asked asked) {
        this.session = session;
        this.tables = tables;
        this.asked = asked;
    }

    static VectorNeighbours of(Supplier<SparkSession> session, Function<String, TableRef> tables, JoinSide of) {
        return new VectorNeighbours(session, tables, new Asked(of));
    }

    /** What is asked; changed by nobody once a join has it. */
    private static final class Asked {
        private JoinSide of;
        private Optional<JoinSide> in = Optional.empty();
        private List<String> idsIn = List.of();
        private Optional<String> whereIn = Optional.empty();
        private int k = DEFAULT_K;
        private double recall = DEFAULT_RECALL;
        private OptionalDouble minScore = OptionalDouble.empty();
        private Optional<TableRef> into = Optional.empty();
        private JobObserver observer = new JobObserver() {};

        Asked(JoinSide of) {
            this.of = of;
        }

        Asked with(Consumer<Asked> change) {
            Asked other = new Asked(of);
            other.in = in;
            other.idsIn = idsIn;
            other.whereIn = whereIn;
            other.k = k;
            other.recall = recall;
            other.minScore = minScore;
            other.into = into;
            other.observer = observer;
            change.accept(other);
            return other;
        }

        /** The rows that neighbours are among: by default those that get neighbours, without their condition. */
        JoinSide rows() {
            JoinSide rows = in.orElse(of);
            return new JoinSide(rows.table(), rows.column(), idsIn.isEmpty() ? rows.ids() : idsIn, whereIn);
        }
    }

    private VectorNeighbours with(Consumer<Asked> change) {
        return new VectorNeighbours(session, tables, asked.with(change));
    }

    /** The columns that name a row; those of the job that made the column when not set. */
    public VectorNeighbours id(String... columns) {
        return with(other ->
                other.of = new JoinSide(other.of.table(), other.of.column(), List.of(columns), other.of.where()));
    }

    /** A SQL condition on the rows that get neighbours. */
    public VectorNeighbours where(String condition) {
        return with(other ->
                other.of = new JoinSide(other.of.table(), other.of.column(), other.of.ids(), Optional.of(condition)));
    }

    /**
     * Neighbours are among the rows of another table.
     *
     * @param table a table identifier
     * @param column its vector column, made by the same model
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the table's name is none
     */
    public VectorNeighbours in(String table, String column) {
        JoinSide side = new JoinSide(tables.apply(table), column, List.of(), Optional.empty());
        return with(other -> other.in = Optional.of(side));
    }

    /** The columns that name a row that neighbours are among. */
    public VectorNeighbours idIn(String... columns) {
        return with(other -> other.idsIn = List.of(columns));
    }

    /** A SQL condition on the rows that neighbours are among. */
    public VectorNeighbours whereIn(String condition) {
        return with(other -> other.whereIn = Optional.of(condition));
    }

    /** How many neighbours a row gets, 1 to 10,000; 10 when not set. */
    public VectorNeighbours k(int neighbours) {
        return with(other -> other.k = neighbours);
    }

    /** The share of the true neighbours to find, above 0; 0.95 when not set. At 1 all rows are compared with all. */
    public VectorNeighbours recall(double share) {
        return with(other -> other.recall = share);
    }

    /** All rows are compared with all. */
    public VectorNeighbours exact() {
        return recall(1);
    }

    /** The least cosine similarity of neighbours, -1 to 1. */
    public VectorNeighbours minScore(double cosine) {
        return with(other -> other.minScore = OptionalDouble.of(cosine));
    }

    /**
     * The Delta table of the result; that of the rows that get neighbours with {@code _neighbours} behind its name when not set. An earlier
     * result in it is replaced.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the table's name is none
     */
    public VectorNeighbours into(String table) {
        TableRef result = tables.apply(table);
        return with(other -> other.into = Optional.of(result));
    }

    /** An observer that receives the phases. */
    public VectorNeighbours observer(JobObserver listening) {
        Objects.requireNonNull(listening);
        return with(other -> other.observer = listening);
    }

    /**
     * Finds neighbours and writes them: {@code query_<id>, rank, neighbour_<id>, score}, a column for each column of an id, ranks from 1, the
     * score a cosine; those of the same score are in the order of their ids.
     *
     * @return what was done, and which rows got no neighbours
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the vectors cannot be compared, an id is not unique, or the table of the
     *     result holds something else
     */
    public NeighbourReport run() {
        JoinSpec spec = new JoinSpec(asked.of, asked.rows(), asked.k, asked.recall, asked.minScore);
        TableRef into = asked.into.orElseGet(() -> asked.of.table().sibling("_neighbours"));
        return new NeighbourJoin(session.get(), spec, asked.observer).run(into);
    }
}
