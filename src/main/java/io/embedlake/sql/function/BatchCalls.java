package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Takes calls out of a query's expressions, so that whole partitions are embedded at once. The same call is computed once, also where a
 * filter and the projection above it have it; a call in a branch, as of {@code CASE} or {@code coalesce}, is computed for the rows that take
 * this branch alone, and what a filter asks beside calls is asked before them. Calls in join conditions and in functions of arrays stay
 * where they are. Stateless.
 */
public final class BatchCalls extends Rule<LogicalPlan> {
    /**
     * A plan whose columns may differ from the original's: it has those of the calls that were taken out, and lacks what its parent does not
     * need.
     */
    private record Rewritten(LogicalPlan plan, List<TakenCalls.Taken> taken) {}

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return exact(plan, 0);
    }

    /** With the columns of the original alone. */
    private static LogicalPlan exact(LogicalPlan plan, int wanted) {
        Rewritten rewritten = rewrite(plan, Optional.empty(), wanted);
        return rewritten.taken().isEmpty()
                ? rewritten.plan()
                : new Project(named(CollectionConverters.asJava(plan.output())), rewritten.plan());
    }

    /**
     * With calls taken out.
     *
     * @param needed the columns that the parent reads; without a set, all
     * @param wanted how many rows the parent probably takes; all when 0
     */
    private static Rewritten rewrite(LogicalPlan plan, Optional<AttributeSet> needed, int wanted) {
        if (plan instanceof Project || plan instanceof Aggregate) {
            int below = plan instanceof Project ? wanted : 0;
            Optional<AttributeSet> own = Optional.of(plan.references());
            Rewritten child = rewrite(plan.children().head(), own, below);
            return new Rewritten(takenOut(plan, child, own, below).plan(), List.of());
        }
        if (plan instanceof Filter filter) {
            Optional<AttributeSet> both = needed.map(columns -> columns.$plus$plus(plan.references()));
            return filtered(filter, rewrite(filter.child(), both, wanted), both, wanted);
        }
        LogicalPlan inside = withChildren(
                plan,
                CollectionConverters.asJava(plan.children()).stream()
                        .map(child -> exact(child, limit(plan, wanted)))
                        .toList());
        boolean isOfRows = plan instanceof Sort
                || plan instanceof Window
                || plan instanceof Generate
                || plan instanceof RepartitionByExpression;
        return isOfRows
                ? takenOut(inside, new Rewritten(inside.children().head(), List.of()), Optional.empty(), 0)
                : new Rewritten(inside, List.of());
    }

    private static int limit(LogicalPlan plan, int wanted) {
        boolean isLimit = plan instanceof GlobalLimit || plan instanceof LocalLimit;
        if (!isLimit) {
            return 0;
        }
        Object most = plan.expressions().head().eval(InternalRow.empty());
        return most instanceof Integer rows && rows > 0 ? rows : wanted;
    }

    /** What costs nothing is asked first, where Spark still finds it when it reads files. */
    private static Rewritten filtered(Filter filter, Rewritten child, Optional<AttributeSet> needed, int wanted) {
        List<Expression> conditions = TakenCalls.parts(filter.condition(), And.class);
        Predicate<Expression> isFree = condition -> condition.deterministic() && !ModelCall.isWithin(condition);
        List<Expression> calls = conditions.stream().filter(isFree.negate()).toList();
        if (calls.isEmpty()) {
            return new Rewritten(withChildren(filter, List.of(child.plan())), child.taken());
        }
        LogicalPlan rows = conditions.stream()
                .filter(isFree)
                .reduce(And::new)
                .<LogicalPlan>map(free -> new Filter(free, child.plan()))
                .orElse(child.plan());
        Filter last = new Filter(calls.stream().reduce(And::new).orElseThrow(), rows);
        return takenOut(last, new Rewritten(rows, child.taken()), needed, wanted);
    }

    /** Of a node with this child. */
    private static Rewritten takenOut(LogicalPlan plan, Rewritten child, Optional<AttributeSet> needed, int wanted) {
        TakenCalls calls = new TakenCalls(child.plan().outputSet(), child.taken());
        LogicalPlan without = plan.mapExpressions(new AbstractFunction1<Expression, Expression>() {
            @Override
            public Expression apply(Expression expression) {
                return calls.without(expression);
            }
        });
        LogicalPlan rows = calls.taken().isEmpty() ? child.plan() : needed(child, needed);
        for (TakenCalls.Taken taken : calls.taken()) {
            rows = new EmbedBatch(taken.call(), taken.asked(), taken.column(), wanted, rows);
        }
        List<TakenCalls.Taken> all = new ArrayList<>(child.taken());
        all.addAll(calls.taken());
        return new Rewritten(withChildren(without, List.of(rows)), all);
    }

    /** Rows that wait for their vectors carry no column that nobody reads. */
    private static LogicalPlan needed(Rewritten child, Optional<AttributeSet> needed) {
        if (needed.isEmpty()) {
            return child.plan();
        }
        List<Attribute> output = CollectionConverters.asJava(child.plan().output());
        List<Attribute> read = output.stream()
                .filter(column -> needed.get().contains(column)
                        || child.taken().stream()
                                .anyMatch(taken -> taken.column().semanticEquals(column)))
                .toList();
        return read.size() == output.size() ? child.plan() : new Project(named(read), child.plan());
    }

    private static LogicalPlan withChildren(LogicalPlan plan, List<LogicalPlan> children) {
        List<LogicalPlan> before = CollectionConverters.asJava(plan.children());
        boolean isSame = true;
        for (int i = 0; i < children.size(); i++) {
            isSame &= before.get(i) == children.get(i);
        }
        return isSame
                ? plan
                : plan.withNewChildren(CollectionConverters.asScala(children).toSeq());
    }

    private static Seq<NamedExpression> named(List<Attribute> columns) {
        return CollectionConverters.asScala(List.<NamedExpression>copyOf(columns))
                .toSeq();
    }
}
