package io.embedlake.sql.nearest;

import io.embedlake.config.TableRef;
import io.embedlake.spark.index.IndexSearch;
import io.embedlake.spark.index.IndexedColumn;
import io.embedlake.spark.index.NearestIds;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.search.ColumnOrigin;
import io.embedlake.spark.store.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.JoinHint;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.types.Metadata;
import org.slf4j.event.Level;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A join by an index: the rows of the left side get the ids of their nearest rows, and these are joined with the right side, in the version
 * of the table that the index is of. Confined to the driver.
 */
final class IndexedJoin {
    private final SparkSession spark;
    private final Tables tables;
    private final AskedJoin asked;
    private final double recall;

    IndexedJoin(SparkSession spark, AskedJoin asked, double recall) {
        this.spark = spark;
        this.tables = new Tables(spark);
        this.asked = asked;
        this.recall = recall;
    }

    /** Why no index answers a join: to be said, and no failure. */
    static final class Impossible extends Exception {
        private static final long serialVersionUID = 1L;

        private final Level level;

        private Impossible(Level level, String why) {
            super(why, null, false, false);
            this.level = level;
        }

        private Impossible(String why) {
            this(Level.INFO, why);
        }

        /** A warning where there is an index. */
        Level level() {
            return level;
        }
    }

    /** What the join becomes, with the same columns. */
    LogicalPlan plan() throws Impossible {
        RightSide right = RightSide.of(asked.right())
                .orElseThrow(() -> new Impossible("the right side is not a table, or it has conditions or more"));
        TableRef table = tables.newestRead(right.relation().relation())
                .orElseThrow(() -> new Impossible("the right side is not the newest version of a Delta table"));
        String name = right.source(asked.vector())
                .orElseThrow(() -> new Impossible("it is computed from the columns of the table"))
                .name();
        IndexedColumn column = ColumnOrigin.indexed(tables, TargetTable.open(tables, table), name)
                .orElseThrow(() -> new Impossible("it is not a vector column of a job whose log of runs is found"));
        IndexSearch.Prepared index = new IndexSearch(tables, column).prepared();
        if (index.ids().isEmpty()) {
            throw index.why().isEmpty() ? new Impossible("it has no index") : new Impossible(Level.WARN, index.why());
        }
        if (!index.version().equals(tables.newestVersion(table))) {
            throw new Impossible(Level.WARN, "the name " + column.table() + " in its index is of another table");
        }
        LogicalPlan rows = ((org.apache.spark.sql.classic.Dataset<?>) tables.read(table, index.version()))
                .queryExecution()
                .analyzed();
        return joined(right, rows, column, index.ids().get());
    }

    private LogicalPlan joined(RightSide right, LogicalPlan rows, IndexedColumn column, NearestIds index)
            throws Impossible {
        List<Attribute> keys = RightSide.columns(right.relation(), column.ids())
                .orElseThrow(() -> new Impossible(Level.WARN, "the table has lost a column that names its rows"));
        LogicalPlan with = right.over(rows, keys)
                .orElseThrow(() -> new Impossible("the table has other columns than when the query was written"));
        List<Attribute> ids = IntStream.range(0, keys.size())
                .mapToObj(i -> (Attribute) new AttributeReference(
                        index.ids().fieldNames()[i],
                        keys.get(i).dataType(),
                        true,
                        Metadata.empty(),
                        NamedExpression.newExprId(),
                        seq(List.<String>of())))
                .toList();
        NearestSearch search =
                new NearestSearch(column.column() + " of " + column.table(), index, asked.k(), recall, asked.isOuter());
        Expression same = IntStream.range(0, keys.size())
                .<Expression>mapToObj(i -> new EqualTo(ids.get(i), keys.get(i)))
                .reduce(And::new)
                .orElseThrow();
        LogicalPlan found = found(search, ids);
        return new Project(
                seq(List.copyOf(asked.output())),
                new Join(found, with, asked.type(), Option.apply(same), JoinHint.NONE()));
    }

    /** Each task compares its rows with a part of the index, so that the rows are spread over all. */
    private LogicalPlan found(NearestSearch search, List<Attribute> ids) {
        int tasks = spark.sparkContext().defaultParallelism();
        if (asked.query() instanceof Attribute query) {
            return new NearestRows(search, query, seq(ids), new Repartition(tasks, true, asked.left()));
        }
        Alias query = new Alias(
                asked.query(),
                "query",
                NamedExpression.newExprId(),
                seq(List.<String>of()),
                Option.empty(),
                seq(List.<String>of()));
        List<NamedExpression> columns =
                new ArrayList<>(CollectionConverters.asJava(asked.left().output()));
        columns.add(query);
        LogicalPlan left = new Project(seq(columns), asked.left());
        return new NearestRows(search, query.toAttribute(), seq(ids), new Repartition(tasks, true, left));
    }

    private static <T> Seq<T> seq(List<T> values) {
        return CollectionConverters.asScala(values).toSeq();
    }
}
