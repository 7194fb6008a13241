package io.embedlake.sql.nearest;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An {@code APPROX NEAREST} join by cosine similarity, which is what indexes know. Immutable.
 *
 * @param left the rows that get the nearest ones
 * @param right the rows that they are among
 * @param type inner or left outer
 * @param k how many each gets
 * @param query the vector of a row of the left side
 * @param vector the column of the right side that it is compared with
 * @param output the columns of the join
 */
record AskedJoin(
        LogicalPlan left,
        LogicalPlan right,
        JoinType type,
        int k,
        Expression query,
        Attribute vector,
        List<Attribute> output) {
    /** Spark's node for these joins. */
    static final String JOIN = "org.apache.spark.sql.catalyst.plans.logical.NearestByJoin";

    private static final String COSINE = "org.apache.spark.sql.catalyst.expressions.VectorCosineSimilarity";
    private static final String SIMILARITY = "NearestBySimilarity";

    /** The parts of {@value #JOIN}, which has {@code left, right, joinType, approx, numResults, rankingExpression, direction}. */
    private static final int PARTS = 7;

    AskedJoin {
        output = List.copyOf(output);
    }

    /** Whether a plan is Spark's node for these joins, and asks for no exact one. */
    static boolean isApproximate(LogicalPlan plan) {
        return plan.getClass().getName().equals(JOIN)
                && plan.productArity() == PARTS
                && Boolean.TRUE.equals(plan.productElement(3));
    }

    /** The join that such a node asks for; nothing where an index cannot answer it whatever the tables are. */
    static Optional<AskedJoin> of(LogicalPlan plan) {
        boolean isAsked = plan.productElement(6).toString().equals(SIMILARITY)
                && plan.productElement(5) instanceof Expression ranking
                && ranking.getClass().getName().equals(COSINE)
                && ranking.children().size() == 2;
        if (!isAsked) {
            return Optional.empty();
        }
        LogicalPlan left = (LogicalPlan) plan.productElement(0);
        LogicalPlan right = (LogicalPlan) plan.productElement(1);
        List<Expression> compared = CollectionConverters.asJava(((Expression) plan.productElement(5)).children());
        return Stream.of(0, 1)
                .filter(place -> compared.get(place) instanceof Attribute column
                        && right.outputSet().contains(column)
                        && compared.get(1 - place).references().subsetOf(left.outputSet()))
                .findFirst()
                .map(place -> new AskedJoin(
                        left,
                        right,
                        (JoinType) plan.productElement(2),
                        (Integer) plan.productElement(4),
                        compared.get(1 - place),
                        (Attribute) compared.get(place),
                        CollectionConverters.asJava(plan.output())));
    }

    boolean isOuter() {
        return type.equals(LeftOuter$.MODULE$);
    }
}
