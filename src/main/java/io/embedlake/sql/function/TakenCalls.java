package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Replaces the calls in a node's expressions by columns. What Spark would evaluate for some rows alone, as the branches of {@code CASE}, is
 * embedded for these alone: for all others the text is null. Confined to one thread.
 */
final class TakenCalls {
    private static final Expression FALSE = new Literal(false, DataTypes.BooleanType);
    private static final Expression TRUE = new Literal(true, DataTypes.BooleanType);
    private static final Expression NO_TEXT = new Literal(null, DataTypes.StringType);

    /**
     * A call that was taken out.
     *
     * @param call the call
     * @param text of a row; null where it is not to be embedded
     * @param column has the results
     */
    record Taken(ModelCall call, Expression text, Attribute column) {
        boolean is(ModelCall other, Expression otherText) {
            return call.equals(other) && text.semanticEquals(otherText);
        }
    }

    private final AttributeSet columns;
    private final List<Taken> known;
    private final List<Taken> taken = new ArrayList<>();

    /**
     * None yet.
     *
     * @param columns those of the node's child
     * @param known what the child has taken out already
     */
    TakenCalls(AttributeSet columns, List<Taken> known) {
        this.columns = columns;
        this.known = known;
    }

    /** What was taken out here, and is to be added to the child, in this order. */
    List<Taken> taken() {
        return taken;
    }

    /** The expression without calls, as far as they can be taken out. */
    Expression without(Expression expression) {
        return without(expression, TRUE);
    }

    /** @param when for which rows Spark evaluates the expression */
    private Expression without(Expression expression, Expression when) {
        if (expression instanceof LambdaFunction) {
            return expression;
        }
        List<Expression> children = CollectionConverters.asJava(expression.children());
        List<Expression> changed = new ArrayList<>();
        for (Expression child : children) {
            changed.add(without(child, and(when, reached(expression, changed))));
        }
        Expression inside = changed.equals(children)
                ? expression
                : expression.withNewChildren(
                        CollectionConverters.asScala(changed).toSeq());
        return ModelCall.in(inside).map(call -> column(call, inside, when)).orElse(inside);
    }

    private Expression column(ModelCall call, Expression whole, Expression when) {
        Expression text = ModelCall.text(whole);
        if (!isKnownBefore(text) || !isKnownBefore(when)) {
            return whole;
        }
        Expression guarded = when.equals(TRUE) ? text : new If(when, text, NO_TEXT);
        return Stream.concat(known.stream(), taken.stream())
                .filter(one -> one.is(call, guarded))
                .findFirst()
                .orElseGet(() -> take(call, guarded))
                .column();
    }

    private Taken take(ModelCall call, Expression text) {
        Attribute column = new AttributeReference(
                "embedded",
                call.value().type(),
                true,
                Metadata.empty(),
                NamedExpression$.MODULE$.newExprId(),
                CollectionConverters.asScala(List.<String>of()).toSeq());
        Taken one = new Taken(call, text, column);
        taken.add(one);
        return one;
    }

    /** Whether it can be computed from the child's rows, twice, and costs nothing. */
    private boolean isKnownBefore(Expression expression) {
        AttributeSet there =
                columns.$plus$plus(AttributeSet.fromAttributeSets(CollectionConverters.asScala(taken.stream()
                                .map(one -> AttributeSet$.MODULE$.apply(one.column()))
                                .toList())
                        .toSeq()));
        return expression.deterministic()
                && expression.references().subsetOf(there)
                && !ModelCall.isWithin(expression)
                && isOfARow(expression);
    }

    /** Aggregates and their like have values of many rows. */
    private static boolean isOfARow(Expression expression) {
        boolean isItself = !(expression instanceof Unevaluable)
                || expression instanceof Attribute
                || expression instanceof SubqueryExpression;
        return isItself
                && CollectionConverters.asJava(expression.children()).stream().allMatch(TakenCalls::isOfARow);
    }

    /** For which rows Spark evaluates the next child, after those that come before it. */
    private static Expression reached(Expression parent, List<Expression> before) {
        int place = before.size();
        Expression when = TRUE;
        if (parent instanceof And && place == 1) {
            return isNot(before.get(0), FALSE);
        }
        if (parent instanceof Or && place == 1) {
            return isNot(before.get(0), TRUE);
        }
        if (parent instanceof Coalesce) {
            for (Expression earlier : before) {
                when = and(when, new IsNull(earlier));
            }
        }
        if (parent instanceof If && place > 0) {
            return place == 1 ? before.get(0) : isNot(before.get(0), TRUE);
        }
        if (parent instanceof CaseWhen) {
            for (int branch = 0; branch < place / 2; branch++) {
                when = and(when, isNot(before.get(2 * branch), TRUE));
            }
            return place % 2 == 1 ? and(when, before.get(place - 1)) : when;
        }
        return when;
    }

    private static Expression isNot(Expression expression, Expression value) {
        return new Not(new EqualNullSafe(expression, value));
    }

    private static Expression and(Expression one, Expression other) {
        if (one.equals(TRUE)) {
            return other;
        }
        return other.equals(TRUE) ? one : new And(one, other);
    }
}
