package io.embedlake.spark.neighbours;

import static org.apache.spark.sql.functions.col;

import io.embedlake.config.TableRef;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.sql.UnitVectors;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.Tables;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A join by similarity: the nearest rows of one table for each row of another, or of the same table. Confined to the driver.
 *
 * <p>Rows are in cells, and queries visit the nearest cells; how many is measured first. Rows and queries of some cells meet in a task, which
 * compares them in blocks; what the tasks of a query have found is merged.
 */
public final class NeighbourJoin {
    private final Tables tables;
    private final JoinSpec spec;
    private final JobObserver observer;
    private final JoinSizes sizes;

    public NeighbourJoin(SparkSession spark, JoinSpec spec, JobObserver observer) {
        this(spark, spec, observer, JoinSizes.DEFAULTS);
    }

    NeighbourJoin(SparkSession spark, JoinSpec spec, JobObserver observer, JoinSizes sizes) {
        this.tables = new Tables(spark);
        this.spec = spec;
        this.observer = observer;
        this.sizes = sizes;
    }

    /**
     * Finds neighbours and writes them, in place of an earlier result.
     *
     * @param into the table of the result: {@code query_<id>, rank, neighbour_<id>, score}, ranks from 1; neighbours of the same score are in
     *     the order of their ids
     * @throws io.embedlake.spi.EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when the vectors cannot be compared, or the
     *     table is of another origin
     */
    public NeighbourReport run(TableRef into) {
        long start = System.nanoTime();
        return Failures.on("find neighbours", "Check that the tables can be read and written.", () -> {
            OpenSide of = OpenSide.of(tables, spec.of());
            OpenSide in = OpenSide.of(tables, spec.in());
            of.requireComparable(in);
            ResultTable result = ResultTable.of(tables, into, spec);
            of.requireDistinctIds();
            long queries = of.count();
            long rows = in.count();
            int dimension = dimension(of, in);
            if (dimension == 0) {
                // One side has no vector at all.
                result.write(ResultTable.none(tables.spark(), of, in), of, in);
                return report(result, Counts.of(of, in, queries, rows), Compared.NOTHING, start);
            }
            return joined(of, in, new Counts(queries, 0, rows, 0), dimension, result, start);
        });
    }

    private NeighbourReport joined(
            OpenSide of, OpenSide in, Counts all, int dimension, ResultTable result, long start) {
        SparkSession spark = tables.spark();
        try (Shared shared = new Shared(spark)) {
            observer.phase("Putting " + in + " into cells");
            CellJoin join = CellJoin.of(spec, sizes, shared, in.units(dimension), all.rows(), dimension);
            boolean isSame =
                    spec.isSelfJoin() && spec.of().where().equals(spec.in().where());
            try (KeptRows rows = KeptRows.of(join.assigned());
                    KeptRows queries = isSame ? rows : KeptRows.of(vectors(of.units(dimension)))) {
                observer.phase("Measuring how many cells to visit");
                CellJoin.Plan plan = join.plan(rows, queries);
                observer.phase("Comparing " + of + " with " + plan.visited() + " of " + plan.cells() + " cells");
                result.write(join.neighbours(rows.rows(), queries.rows(), plan), of, in);
                Counts counts = new Counts(
                        all.queries(), all.queries() - queries.count(), all.rows(), all.rows() - rows.count());
                return report(result, counts, plan.compared(), start);
            }
        }
    }

    /** Those that have a direction. */
    static Dataset<Row> vectors(Dataset<Row> units) {
        return units.where(col(OpenSide.UNIT).isNotNull());
    }

    /** The length of the vectors of both sides; 0 where one has none. */
    private static int dimension(OpenSide of, OpenSide in) {
        int ofQueries = dimension(of);
        int ofRows = dimension(in);
        if (ofQueries > 0 && ofRows > 0 && ofQueries != ofRows) {
            throw OpenSide.refused(
                    of + " holds vectors of " + ofQueries + " values, and " + in + " of " + ofRows,
                    "vectors of different lengths are not compared",
                    "Name columns of the same model");
        }
        return Math.min(ofQueries, ofRows);
    }

    private static int dimension(OpenSide side) {
        List<Row> first = vectors(side.units(0)).select(OpenSide.UNIT).limit(1).collectAsList();
        return first.isEmpty() ? 0 : UnitVectors.length(first.get(0).getAs(0));
    }

    private static NeighbourReport report(ResultTable result, Counts counts, Compared compared, long start) {
        ResultTable.Written written = result.written();
        return new NeighbourReport(
                result.table().toString(),
                counts.queries(),
                counts.queriesWithoutVector(),
                counts.queries() - counts.queriesWithoutVector() - written.queries(),
                counts.rows(),
                counts.rowsWithoutVector(),
                written.rows(),
                compared.cells(),
                compared.visited(),
                compared.recall(),
                compared.curve(),
                compared.measured(),
                compared.tasks(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** How many rows both sides have. */
    private record Counts(long queries, long queriesWithoutVector, long rows, long rowsWithoutVector) {
        /** Where one side has no vector. */
        static Counts of(OpenSide of, OpenSide in, long queries, long rows) {
            return new Counts(
                    queries,
                    queries - vectors(of.units(0)).count(),
                    rows,
                    rows - vectors(in.units(0)).count());
        }
    }

    /** How they were compared. */
    record Compared(
            int cells, int visited, double recall, List<NeighbourReport.RecallAt> curve, int measured, int tasks) {
        static final Compared NOTHING = new Compared(0, 0, 1, List.of(), 0, 0);
    }
}
