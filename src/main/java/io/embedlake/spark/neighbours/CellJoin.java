package io.embedlake.spark.neighbours;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.embedlake.ivf.CellFitter;
import io.embedlake.ivf.Cells;
import io.embedlake.ivf.MeasuredRecall;
import io.embedlake.ivf.Regions;
import io.embedlake.ivf.Routes;
import io.embedlake.ivf.RowBlock;
import io.embedlake.ivf.TopK;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.sql.PartitionNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The steps of a join over cells. Confined to the driver. */
final class CellJoin {
    /** So many tasks for each that runs at the same time, so that a slow one does not hold up the end. */
    private static final int TASKS_OF_SLOT = 3;

    /** With more of the cells visited, to compare all with all costs about the same. */
    private static final double MOST_VISITED = 0.5;

    private static final double HASHES = Math.pow(2, 63);

    private final JoinSpec spec;
    private final JoinSizes sizes;
    private final Shared shared;
    private final Dataset<Row> units;
    private final Cells cells;
    private final Broadcast<Cells> sharedCells;

    private CellJoin(JoinSpec spec, JoinSizes sizes, Shared shared, Dataset<Row> units, Cells cells) {
        this.spec = spec;
        this.sizes = sizes;
        this.shared = shared;
        this.units = units;
        this.cells = cells;
        this.sharedCells = shared.share(cells);
    }

    /**
     * What tasks do.
     *
     * @param cells how many cells there are
     * @param visited how many of them each query visits
     * @param centroids those that have rows
     * @param routes which tasks compare what
     * @param compared for the report
     */
    record Plan(int cells, int visited, RowBlock centroids, Routes routes, NeighbourJoin.Compared compared) {}

    /**
     * Fits cells; one where all rows are to be compared with all.
     *
     * @param units the rows that neighbours are among
     * @param count how many there are
     */
    static CellJoin of(JoinSpec spec, JoinSizes sizes, Shared shared, Dataset<Row> units, long count, int dimension) {
        int wanted = spec.isExact() || count < sizes.leastForCells() ? 1 : sizes.cells(count, dimension);
        float[] sample = wanted == 1
                ? new float[0]
                : vectors(sampled(NeighbourJoin.vectors(units), sizes.sample(count, dimension), count), dimension);
        Cells cells = sample.length == 0 ? one(dimension) : CellFitter.fit(sample, dimension, wanted);
        return new CellJoin(spec, sizes, shared, units, cells);
    }

    private static Cells one(int dimension) {
        float[] axis = new float[dimension];
        axis[0] = 1;
        return new Cells(dimension, axis);
    }

    /** About so many rows, the same ones every time. */
    private static Dataset<Row> sampled(Dataset<Row> units, long wanted, long count) {
        return wanted >= count
                ? units
                : units.where(abs(col(OpenSide.HASH).cast("double")).lt(lit(HASHES * wanted / count)));
    }

    private static float[] vectors(Dataset<Row> units, int dimension) {
        return Blocks.units(units.select(OpenSide.UNIT).collectAsList(), 0, dimension);
    }

    /** The rows that have a direction, each with its cell. */
    Dataset<Row> assigned() {
        return NeighbourJoin.vectors(units)
                .mapPartitions(new AssignCells(sharedCells), Encoders.row(AssignCells.schema(units.schema())));
    }

    /** Measures how many cells have to be visited, and plans the tasks. */
    Plan plan(KeptRows rows, KeptRows queries) {
        int measuring = cells.count() == 1 ? 0 : sizes.measured(spec.kept());
        float[] sample =
                vectors(sampled(queries.rows(), measuring, queries.count()).limit(2 * measuring), cells.dimension());
        Survey survey = rows.rows()
                .select(AssignCells.CELL, OpenSide.UNIT)
                .toJavaRDD()
                .mapPartitions(new Survey.OfPartition(
                        shared.share(sample), cells.dimension(), cells.count(), spec.kept(), spec.least()))
                .treeReduce(Survey::merge);
        RowBlock centroids = filled(survey.rows());
        int[][] nearest = Blocks.nearest(sample, survey.best().length, centroids, centroids.count());
        MeasuredRecall measured = measured(survey, nearest);
        int needed = Math.max(measured.needed(spec.recall()), enough(survey.rows()));
        boolean isExact = cells.count() == 1 || needed > MOST_VISITED * centroids.count();
        int visited = isExact ? centroids.count() : needed;
        double[] visits = new double[cells.count()];
        for (int[] order : nearest) {
            for (int place = 0; place < visited; place++) {
                visits[order[place]] += (double) queries.count() / nearest.length;
            }
        }
        if (nearest.length == 0) {
            Arrays.fill(visits, queries.count());
        }
        int wanted = TASKS_OF_SLOT * shared.parallelism();
        long most = Math.min(sizes.rowsOfTask(cells.dimension()), Math.max(sizes.block(), rows.count() / wanted + 1));
        Routes routes = Routes.of(Regions.of(cells, survey.rows(), most), survey.rows(), visits, wanted);
        return new Plan(
                centroids.count(),
                visited,
                centroids,
                routes,
                new NeighbourJoin.Compared(
                        isExact ? 1 : centroids.count(),
                        isExact ? 1 : visited,
                        isExact ? 1 : measured.recall(visited),
                        curve(measured, centroids.count()),
                        measured.queries(),
                        routes.tasks()));
    }

    /** The centroids of cells that have rows, numbered by their cells. */
    private RowBlock filled(long[] rows) {
        float[] all = cells.centroids();
        RowBlock.Builder filled = new RowBlock.Builder(cells.dimension());
        for (int cell = 0; cell < rows.length; cell++) {
            if (rows[cell] > 0) {
                filled.add(Arrays.copyOfRange(all, cell * cells.dimension(), (cell + 1) * cells.dimension()), cell);
            }
        }
        return filled.build();
    }

    private MeasuredRecall measured(Survey survey, int[][] nearest) {
        MeasuredRecall measured = new MeasuredRecall(Math.max(1, nearest.length == 0 ? 1 : nearest[0].length));
        for (int query = 0; query < nearest.length; query++) {
            int[] rank = new int[cells.count()];
            for (int place = 0; place < nearest[query].length; place++) {
                rank[nearest[query][place]] = place;
            }
            TopK best = survey.best()[query];
            // The first of a self-join is the query's own row, or one that is equal to it.
            measured.add(IntStream.range(spec.isSelfJoin() ? 1 : 0, best.size())
                    .map(place -> rank[(int) best.number(place)])
                    .toArray());
        }
        return measured;
    }

    /** How many cells have enough rows for all neighbours of a query, whichever cells they are. */
    private int enough(long[] rows) {
        long[] filled = Arrays.stream(rows).filter(count -> count > 0).sorted().toArray();
        int cell = 0;
        for (long before = 0; cell < filled.length && before < spec.kept(); cell++) {
            before += filled[cell];
        }
        return cell;
    }

    private static List<NeighbourReport.RecallAt> curve(MeasuredRecall measured, int cells) {
        List<NeighbourReport.RecallAt> curve = new ArrayList<>();
        if (measured.queries() > 0) {
            for (int visited = 1; visited < cells; visited *= 2) {
                curve.add(new NeighbourReport.RecallAt(visited, measured.recall(visited)));
            }
        }
        return curve;
    }

    /** The neighbours: {@code query, rank, neighbour, score}. */
    Dataset<Row> neighbours(Dataset<Row> rows, Dataset<Row> queries, Plan plan) {
        DataType row = rows.schema().apply(OpenSide.ID).dataType();
        DataType query = queries.schema().apply(OpenSide.ID).dataType();
        StructType routed = Route.schema(row, query);
        Broadcast<Routes> routes = shared.share(plan.routes());
        Dataset<Row> both = rows.mapPartitions(new Route.OfRows(routes), Encoders.row(routed))
                .union(queries.select(OpenSide.ID, OpenSide.HASH, OpenSide.UNIT)
                        .mapPartitions(
                                new Route.OfQueries(routes, shared.share(plan.centroids()), plan.visited()),
                                Encoders.row(routed)));
        Dataset<Row> found = PartitionNumbers.repartition(both, plan.routes().tasks(), col(Route.TASK))
                .sortWithinPartitions(col(Route.QUERY).isNotNull(), col(Route.ROW))
                .mapPartitions(
                        new CompareBlocks(
                                cells.dimension(),
                                spec.kept(),
                                spec.least(),
                                spec.isSelfJoin(),
                                sizes.block(spec.kept())),
                        Encoders.row(CompareBlocks.schema(row, query)));
        Column rank = row_number()
                .over(Window.partitionBy(col(Route.QUERY))
                        .orderBy(col(CompareBlocks.SCORE).desc(), col(CompareBlocks.NEIGHBOUR)));
        return found.withColumn(ResultTable.RANK, rank)
                .where(col(ResultTable.RANK).leq(spec.k()));
    }
}
