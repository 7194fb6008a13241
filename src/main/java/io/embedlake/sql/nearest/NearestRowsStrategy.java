package io.embedlake.sql.nearest;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Plans {@link NearestRows}. Stateless. */
final class NearestRowsStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        List<SparkPlan> planned = plan instanceof NearestRows rows
                ? List.of(new NearestRowsExec(rows.search(), rows.query(), rows.ids(), planLater(rows.child())))
                : List.of();
        return CollectionConverters.asScala(planned).toSeq();
    }
}
