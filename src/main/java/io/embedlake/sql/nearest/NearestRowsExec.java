package io.embedlake.sql.nearest;

import io.embedlake.sql.plan.PhysicalStep;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.SparkPlan;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Searches the index partition by partition, for many rows at once. Immutable. */
public final class NearestRowsExec extends PhysicalStep {
    private static final long serialVersionUID = 1L;

    private final NearestSearch search;
    private final Expression query;
    private final Seq<Attribute> ids;

    /** As {@link NearestRows}; Spark copies it by this constructor too. */
    public NearestRowsExec(NearestSearch search, Expression query, Seq<Attribute> ids, SparkPlan child) {
        super(CollectionConverters.asJava(ids), child);
        this.search = search;
        this.query = query;
        this.ids = ids;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        Expression bound = BindReferences.bindReference(
                query,
                org.apache.spark.sql.catalyst.expressions.package$.MODULE$.AttributeSeq(child().output()),
                false);
        return child().execute()
                .toJavaRDD()
                .mapPartitions(
                        new SearchPartition(
                                JavaSparkContext.fromSparkContext(sparkContext())
                                        .broadcast(search),
                                bound,
                                CollectionConverters.asJava(ids).stream()
                                        .map(Attribute::dataType)
                                        .toList(),
                                output()),
                        false)
                .rdd();
    }

    @Override
    protected List<Object> parts() {
        return List.of(search, query, ids);
    }

    @Override
    protected SparkPlan over(SparkPlan other) {
        return new NearestRowsExec(search, query, ids, other);
    }
}
