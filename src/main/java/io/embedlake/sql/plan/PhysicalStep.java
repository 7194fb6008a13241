package io.embedlake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A node of a physical plan with one child: equal to another one of its class with equal parts, as Spark's own
 * nodes are, which are case classes of Scala. Immutable. A subclass is public and has one public constructor with its parts and, at last, its child,
 * by which Spark copies it.
 */
public abstract class PhysicalStep extends SparkPlan implements UnaryExecNode {
    private static final long serialVersionUID = 1L;

    private final AddedColumns added;
    private final SparkPlan child;

    /** @param added the columns behind those of the child */
    protected PhysicalStep(List<Attribute> added, SparkPlan child) {
        this.added = new AddedColumns(added);
        this.child = child;
    }

    /** What its constructor takes before the child, in that order. */
    protected abstract List<Object> parts();

    /** The same over another child. */
    protected abstract SparkPlan over(SparkPlan other);

    @Override
    public final SparkPlan child() {
        return child;
    }

    @Override
    public final Seq<Attribute> output() {
        return added.behind(child.output());
    }

    @Override
    public final AttributeSet producedAttributes() {
        return added.set();
    }

    @Override
    public final Seq<SparkPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toSeq();
    }

    @Override
    public final SparkPlan withNewChildInternal(SparkPlan other) {
        return over(other);
    }

    @Override
    public final SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> others) {
        return over(others.head());
    }

    @Override
    public final SparkPlan mapChildren(Function1<SparkPlan, SparkPlan> change) {
        SparkPlan changed = change.apply(child);
        return changed == child ? this : over(changed);
    }

    @Override
    public final int productArity() {
        return all().size();
    }

    @Override
    public final Object productElement(int place) {
        return all().get(place);
    }

    private List<Object> all() {
        List<Object> all = new ArrayList<>(parts());
        all.add(child);
        return all;
    }

    @Override
    public final boolean canEqual(Object other) {
        return getClass().isInstance(other);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof PhysicalStep that && getClass() == that.getClass() && all().equals(that.all());
    }

    @Override
    public final int hashCode() {
        return all().hashCode();
    }
}
