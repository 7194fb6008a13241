package io.embedlake.sql.nearest;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session that starts with embedlake's jar the rule for {@code APPROX NEAREST} joins; Spark finds this class by itself. Immutable.
 *
 * <p>Rules that a running session can get come too late: at the end of the optimizer, Spark has rewritten such joins, and approximate and
 * exact ones are the same.
 */
public final class NearestExtension extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
        implements SparkSessionExtensionsProvider {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        if (hasSuchJoins()) {
            extensions.injectPlanNormalizationRule(new OfSession());
            extensions.injectPlannerStrategy(new Planned());
        }
        return BoxedUnit.UNIT;
    }

    /** An older Spark, which embedlake may not even be for, gets nothing that might fail in it. */
    private static boolean hasSuchJoins() {
        try {
            Class.forName(AskedJoin.JOIN, false, SparkSessionExtensions.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static final class OfSession extends AbstractFunction1<SparkSession, Rule<LogicalPlan>> {
        @Override
        public Rule<LogicalPlan> apply(SparkSession spark) {
            return new NearestJoins(spark);
        }
    }

    private static final class Planned extends AbstractFunction1<SparkSession, SparkStrategy> {
        @Override
        public SparkStrategy apply(SparkSession spark) {
            return new NearestRowsStrategy();
        }
    }
}
