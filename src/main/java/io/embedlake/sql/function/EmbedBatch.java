package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The child's rows, in their order, with what became of a text of each. Immutable. */
public final class EmbedBatch extends LogicalPlan implements UnaryNode {
    private final ModelCall call;
    private final Expression text;
    private final Attribute result;
    private final int wanted;
    private final LogicalPlan child;

    /**
     * A node; Spark copies it by this constructor too.
     *
     * @param text of a row of the child
     * @param result the column that is added
     * @param wanted how many rows the query probably takes; all when 0
     */
    public EmbedBatch(ModelCall call, Expression text, Attribute result, int wanted, LogicalPlan child) {
        this.call = call;
        this.text = text;
        this.result = result;
        this.wanted = wanted;
        this.child = child;
    }

    ModelCall call() {
        return call;
    }

    Expression text() {
        return text;
    }

    Attribute result() {
        return result;
    }

    int wanted() {
        return wanted;
    }

    @Override
    public LogicalPlan child() {
        return child;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(child.output()));
        all.add(result);
        return CollectionConverters.asScala(all).toSeq();
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet$.MODULE$.apply(result);
    }

    @Override
    public Seq<LogicalPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toSeq();
    }

    @Override
    public LogicalPlan withNewChildInternal(LogicalPlan other) {
        return new EmbedBatch(call, text, result, wanted, other);
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
        return 5;
    }

    @Override
    public Object productElement(int place) {
        return List.of(call, text, result, wanted, child).get(place);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof EmbedBatch;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmbedBatch that
                && call.equals(that.call)
                && text.equals(that.text)
                && result.equals(that.result)
                && wanted == that.wanted
                && child.equals(that.child);
    }

    @Override
    public int hashCode() {
        return Objects.hash(call, text, result, wanted, child);
    }
}
