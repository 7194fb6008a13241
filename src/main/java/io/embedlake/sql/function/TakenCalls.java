package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * @param text of a row
     * @param when for which rows it is embedded
     * @param column has the results
     */
    record Taken(ModelCall call, Expression text, Expression when, Attribute column) {
        /** The text to embed: null where it is not needed. */
        Expression asked() {
            return when.equals(TRUE) ? text : new If(when, text, NO_TEXT);
        }

        private boolean is(ModelCall other, Expression otherText) {
            return call.equals(other) && text.semanticEquals(otherText);
        }

        /** Whether it has results for all of these rows: one of its alternatives asks no more than they do. */
        private boolean covers(Expression rows) {
            List<Expression> asked = parts(rows, And.class);
            return parts(when, Or.class).stream()
                    .anyMatch(alternative -> alternative.equals(TRUE)
                            || parts(alternative, And.class).stream()
                                    .allMatch(one -> asked.stream().anyMatch(one::semanticEquals)));
        }

        private Taken forMore(Expression rows) {
            return new Taken(call, text, rows.equals(TRUE) ? TRUE : new Or(when, rows), column);
        }
    }

    /** The operands of nested {@code AND} or {@code OR}, in their order. */
    static List<Expression> parts(Expression whole, Class<? extends Expression> operator) {
        return operator.isInstance(whole)
                ? CollectionConverters.asJava(whole.children()).stream()
                        .flatMap(part -> parts(part, operator).stream())
                        .toList()
                : List.of(whole);
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
        if (!isKnown(text, taken.size()) || !isKnown(when, taken.size())) {
            return whole;
        }
        return Stream.concat(known.stream(), taken.stream())
                .filter(one -> one.is(call, text) && one.covers(when))
                .findFirst()
                .or(() -> widened(call, text, when))
                .orElseGet(() -> take(call, text, when))
                .column();
    }

    /** One that is already taken embeds more rows, where these are known before it: a row never pays twice. */
    private Optional<Taken> widened(ModelCall call, Expression text, Expression when) {
        for (int place = 0; place < taken.size(); place++) {
            if (taken.get(place).is(call, text) && isKnown(when, place)) {
                taken.set(place, taken.get(place).forMore(when));
                return Optional.of(taken.get(place));
            }
        }
        return Optional.empty();
    }

    private Taken take(ModelCall call, Expression text, Expression when) {
        Attribute column = new AttributeReference(
                "embedded",
                call.value().type(),
                true,
                Metadata.empty(),
                NamedExpression$.MODULE$.newExprId(),
                CollectionConverters.asScala(List.<String>of()).toSeq());
        Taken one = new Taken(call, text, when, column);
        taken.add(one);
        return one;
    }

    /** Whether it can be computed of the child's rows and the first calls that were taken, twice, and costs nothing. */
    private boolean isKnown(Expression expression, int first) {
        AttributeSet there = columns.$plus$plus(
                AttributeSet.fromAttributeSets(CollectionConverters.asScala(taken.subList(0, first).stream()
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
