package io.embedlake.sql.function;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Plans {@link EmbedBatch}. Stateless. */
public final class EmbedBatchStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        List<SparkPlan> planned = plan instanceof EmbedBatch batch
                ? List.of(new EmbedBatchExec(
                        batch.call(), batch.text(), batch.result(), batch.wanted(), planLater(batch.child())))
                : List.of();
        return CollectionConverters.asScala(planned).toSeq();
    }
}
