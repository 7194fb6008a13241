package io.embedlake.sql.nearest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeMap$;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.Function1;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/** The child's rows, each as often as it gets nearest rows, with their ids behind it. Immutable. */
public final class NearestRows extends LogicalPlan implements UnaryNode {
    private final NearestSearch search;
    private final Expression query;
    private final Seq<Attribute> ids;
    private final LogicalPlan child;

    /**
     * A node; Spark copies it by this constructor too.
     *
     * @param query the vector of a row of the child, {@code array<float>}
     * @param ids the columns that are added, for the parts of an id
     */
    public NearestRows(NearestSearch search, Expression query, Seq<Attribute> ids, LogicalPlan child) {
        this.search = search;
        this.query = query;
        this.ids = ids;
        this.child = child;
    }

    NearestSearch search() {
        return search;
    }

    Expression query() {
        return query;
    }

    Seq<Attribute> ids() {
        return ids;
    }

    /** The columns of a child and those that are added. */
    static Seq<Attribute> output(Seq<Attribute> child, Seq<Attribute> ids) {
        List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(child));
        all.addAll(CollectionConverters.asJava(ids));
        return CollectionConverters.asScala(all).toSeq();
    }

    static AttributeSet set(Seq<Attribute> columns) {
        return AttributeSet$.MODULE$.apply(
                CollectionConverters.asScala(List.<Expression>copyOf(CollectionConverters.asJava(columns))));
    }

    @Override
    public LogicalPlan child() {
        return child;
    }

    @Override
    public Seq<Attribute> output() {
        return output(child.output(), ids);
    }

    @Override
    public AttributeSet producedAttributes() {
        return set(ids);
    }

    /** Spark would take it for as large as its child, and might send it to all executors. */
    @Override
    public Statistics stats() {
        return new Statistics(
                child.stats().sizeInBytes().$times(BigInt.apply(search.k())),
                Option.empty(),
                AttributeMap$.MODULE$.empty(),
                false);
    }

    @Override
    public Seq<LogicalPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toSeq();
    }

    @Override
    public LogicalPlan withNewChildInternal(LogicalPlan other) {
        return new NearestRows(search, query, ids, other);
    }

    @Override
    public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> others) {
        return withNewChildInternal(others.head());
    }

    @Override
    public LogicalPlan mapChildren(Function1<LogicalPlan, LogicalPlan> change) {
        LogicalPlan changed = change.apply(child);
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
        return other instanceof NearestRows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NearestRows that
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
