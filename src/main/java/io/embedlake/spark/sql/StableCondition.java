package io.embedlake.spark.sql;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** Whether a condition depends on a row's own columns alone, so that it holds as long as the row is the same. Stateless. */
public final class StableCondition {
    private StableCondition() {}

    /**
     * Whether a SQL condition on a table gives the same for the same row, at any time and for anybody: it has no random or current value, no
     * query and no function of users. False where Spark's internals differ from the expected ones.
     */
    public static boolean isStable(Dataset<Row> table, String condition) {
        try {
            var query = ((org.apache.spark.sql.classic.Dataset<Row>) table.select(functions.expr(condition)))
                    .queryExecution();
            return CollectionConverters.asJava(query.analyzed().expressions()).stream()
                    .allMatch(StableCondition::isStable);
        } catch (LinkageError | ClassCastException e) {
            return false;
        }
    }

    private static boolean isStable(Expression expression) {
        return expression.deterministic()
                && !expression.containsPattern(TreePattern.CURRENT_LIKE())
                && !(expression instanceof SubqueryExpression)
                && !(expression instanceof UserDefinedExpression)
                && CollectionConverters.asJava(expression.children()).stream().allMatch(StableCondition::isStable);
    }
}
