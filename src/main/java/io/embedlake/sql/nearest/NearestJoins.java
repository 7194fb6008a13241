package io.embedlake.sql.nearest;

import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.runtime.AbstractPartialFunction;

/**
 * Replaces {@code APPROX NEAREST} joins over indexed columns by joins that use the index; all others are left to Spark. Immutable.
 *
 * <p>It looks at a query each time that it is executed, before the optimizer: an index that has come, gone or changed since the query was
 * written is noticed.
 */
public final class NearestJoins extends Rule<LogicalPlan> {
    /** The setting of a session with the recall of such joins; with 1 they are left to Spark. */
    static final String RECALL = "spark.embedlake.nearest.recall";

    private static final Logger LOG = LoggerFactory.getLogger(NearestJoins.class);

    private final SparkSession spark;

    NearestJoins(SparkSession spark) {
        this.spark = spark;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUpWithSubqueries(new Replaced());
    }

    private final class Replaced extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return AskedJoin.isApproximate(plan);
        }

        @Override
        public <A extends LogicalPlan, B> B applyOrElse(A plan, Function1<A, B> otherwise) {
            if (!isDefinedAt(plan)) {
                return otherwise.apply(plan);
            }
            @SuppressWarnings("unchecked")
            B replaced = (B) planned(plan);
            return replaced;
        }
    }

    private LogicalPlan planned(LogicalPlan join) {
        double recall = recall();
        if (recall == 1) {
            return join;
        }
        Optional<AskedJoin> asked = AskedJoin.of(join);
        if (asked.isEmpty()) {
            LOG.info("APPROX NEAREST compares all rows with all: indexes know BY SIMILARITY vector_cosine_similarity"
                    + " with a column of the right side alone");
            return join;
        }
        String column = asked.get().vector().name();
        try {
            return new IndexedJoin(spark, asked.get(), recall).plan();
        } catch (IndexedJoin.Impossible e) {
            LOG.atLevel(e.level()).log("APPROX NEAREST compares {} with all rows: {}", column, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "APPROX NEAREST compares {} with all rows: its index cannot be looked at ({})",
                    column,
                    Failures.brief(e));
            LOG.debug("The index cannot be looked at", e);
        }
        return join;
    }

    private double recall() {
        String set = spark.conf().get(RECALL, Double.toString(ColumnSearch.DEFAULT_RECALL));
        try {
            double recall = Double.parseDouble(set);
            if (recall > 0 && recall <= 1) {
                return recall;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the setting " + RECALL + ": " + set
                        + " (a number above 0, at most 1). Set it to another value.");
    }
}
