package io.embedlake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A node of a logical plan with one child: equal to another one of its class with equal parts, as Spark's own
 * nodes are, which are case classes of Scala. Immutable. A subclass is public and has one public constructor with its parts and, at last, its child,
 * by which Spark copies it.
 */
public abstract class LogicalStep extends LogicalPlan implements UnaryNode {
    private final AddedColumns added;
    private final LogicalPlan child;

    /** @param added the columns behind those of the child */
    protected LogicalStep(List<Attribute> added, LogicalPlan child) {
        this.added = new AddedColumns(added);
        this.child = child;
    }

    /** What its constructor takes before the child, in that order. */
    protected abstract List<Object> parts();

    /** The same over another child. */
    protected abstract LogicalPlan over(LogicalPlan other);

    @Override
    public final LogicalPlan child() {
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
    public final Seq<LogicalPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toSeq();
    }

    @Override
    public final LogicalPlan withNewChildInternal(LogicalPlan other) {
        return over(other);
    }

    @Override
    public final LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> others) {
        return over(others.head());
    }

    @Override
    public final LogicalPlan mapChildren(Function1<LogicalPlan, LogicalPlan> change) {
        LogicalPlan changed = change.apply(child);
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
        return other instanceof LogicalStep that && getClass() == that.getClass() && all().equals(that.all());
    }

    @Override
    public final int hashCode() {
        return all().hashCode();
    }
}
