package io.embedlake.sql.nearest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.DataType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The right side of a join: all rows of one relation, in a view or a subquery that chooses and computes columns, but leaves no row out.
 * Immutable.
 *
 * @param plan the whole side
 * @param relation what it reads
 */
record RightSide(LogicalPlan plan, LogicalRelation relation) {
    /** Nothing where a plan does more. */
    static Optional<RightSide> of(LogicalPlan plan) {
        LogicalPlan below = plan;
        while (below instanceof Project || below instanceof SubqueryAlias || below instanceof View) {
            below = below.children().head();
        }
        return below instanceof LogicalRelation relation && !relation.isStreaming()
                ? Optional.of(new RightSide(plan, relation))
                : Optional.empty();
    }

    /** The column of the relation that a column of this side shows as it is. */
    Optional<Attribute> source(Attribute column) {
        return source(plan, column);
    }

    private static Optional<Attribute> source(LogicalPlan plan, Attribute column) {
        if (plan instanceof LogicalRelation) {
            return Optional.of(column);
        }
        LogicalPlan child = plan.children().head();
        if (!(plan instanceof Project project)) {
            return source(child, column);
        }
        return CollectionConverters.asJava(project.projectList()).stream()
                .filter(one -> one.exprId().equals(column.exprId()))
                .findFirst()
                .flatMap(RightSide::shown)
                .flatMap(shown -> source(child, shown));
    }

    private static Optional<Attribute> shown(NamedExpression column) {
        Expression value = column instanceof Alias alias ? alias.child() : (Expression) column;
        while (value instanceof Cast cast && isOfType(cast.child(), cast.dataType())) {
            value = cast.child();
        }
        return value instanceof Attribute attribute ? Optional.of(attribute) : Optional.empty();
    }

    /**
     * This side over other rows of the same columns.
     *
     * @param rows in place of those of the relation
     * @param kept columns of the relation that are columns of the side, too
     * @return nothing where the rows lack a column of the relation, or have another one of its name
     */
    Optional<LogicalPlan> over(LogicalPlan rows, List<Attribute> kept) {
        List<Attribute> columns = List.copyOf(CollectionConverters.asJava(relation.output()));
        return columns(rows, columns.stream().map(Attribute::name).toList())
                .filter(values -> IntStream.range(0, columns.size())
                        .allMatch(i -> isOfType(values.get(i), columns.get(i).dataType())))
                .map(values -> new Project(
                        seq(IntStream.range(0, columns.size())
                                .<NamedExpression>mapToObj(i -> renamed(values.get(i), columns.get(i)))
                                .toList()),
                        rows))
                .map(read -> over(plan, read, kept));
    }

    private static LogicalPlan over(LogicalPlan plan, LogicalPlan read, List<Attribute> kept) {
        if (plan instanceof LogicalRelation) {
            return read;
        }
        LogicalPlan child = over(plan.children().head(), read, kept);
        if (!(plan instanceof Project project)) {
            return child;
        }
        List<NamedExpression> columns = new ArrayList<>(CollectionConverters.asJava(project.projectList()));
        kept.stream()
                .filter(column -> columns.stream().noneMatch(one -> one.exprId().equals(column.exprId())))
                .forEach(columns::add);
        return new Project(seq(columns), child);
    }

    /** Columns of a plan by their names; nothing where it has not all of them. */
    static Optional<List<Attribute>> columns(LogicalPlan rows, List<String> names) {
        List<Attribute> found = names.stream()
                .flatMap(name -> CollectionConverters.asJava(rows.output()).stream()
                        .filter(column -> column.name().equalsIgnoreCase(name)))
                .toList();
        return found.size() == names.size() ? Optional.of(found) : Optional.empty();
    }

    private static boolean isOfType(Expression value, DataType type) {
        return value.dataType().asNullable().equals(type.asNullable());
    }

    /** A column under the name and identity of another one. */
    private static Alias renamed(Attribute value, Attribute column) {
        return new Alias(
                value,
                column.name(),
                column.exprId(),
                column.qualifier(),
                Option.empty(),
                CollectionConverters.asScala(List.<String>of()).toSeq());
    }

    private static Seq<NamedExpression> seq(List<NamedExpression> columns) {
        return CollectionConverters.asScala(columns).toSeq();
    }
}
