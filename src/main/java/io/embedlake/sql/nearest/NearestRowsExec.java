package io.embedlake.sql.nearest;

import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Searches the index partition by partition, for many rows at once. Immutable. */
public final class NearestRowsExec extends SparkPlan implements UnaryExecNode {
    private static final long serialVersionUID = 1L;

    private final NearestSearch search;
    private final Expression query;
    private final Seq<Attribute> ids;
    private final SparkPlan child;

    /** As {@link NearestRows}; Spark copies it by this constructor too. */
    public NearestRowsExec(NearestSearch search, Expression query, Seq<Attribute> ids, SparkPlan child) {
        this.search = search;
        this.query = query;
        this.ids = ids;
        this.child = child;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        Expression bound = BindReferences.bindReference(
                query, org.apache.spark.sql.catalyst.expressions.package$.MODULE$.AttributeSeq(child.output()), false);
        return child.execute()
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
    public SparkPlan child() {
        return child;
    }

    @Override
    public Seq<Attribute> output() {
        return NearestRows.output(child.output(), ids);
    }

    @Override
    public AttributeSet producedAttributes() {
        return NearestRows.set(ids);
    }

    @Override
    public Seq<SparkPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toSeq();
    }

    @Override
    public SparkPlan withNewChildInternal(SparkPlan other) {
        return new NearestRowsExec(search, query, ids, other);
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> others) {
        return withNewChildInternal(others.head());
    }

    @Override
    public SparkPlan mapChildren(Function1<SparkPlan, SparkPlan> change) {
        SparkPlan changed = change.apply(child);
        return changed == child ? this : withNewChildInternal(changed);
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int place) {
        return List.of(search, query, ids, child).get(place);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NearestRowsExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NearestRowsExec that
                && search.equals(that.search)
                && query.equals(that.query)
                && ids.equals(that.ids)
                && child.equals(that.child);
    }

    @Override
    public int hashCode() {
        return Objects.hash(search, query, ids, child);
    }
}
