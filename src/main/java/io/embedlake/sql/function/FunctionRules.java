package io.embedlake.sql.function;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Brings the rules for calls into a session that runs already. Stateless. */
public final class FunctionRules {
    private FunctionRules() {}

    /** Adds what the session lacks; a session that was cloned from another has it. */
    public static void install(SparkSession spark) {
        ExperimentalMethods methods = ((org.apache.spark.sql.classic.SparkSession) spark).experimental();
        synchronized (methods) {
            methods.extraOptimizations_$eq(with(methods.extraOptimizations(), new ModelCalls()));
            try {
                SparkStrategy planned = new EmbedBatchStrategy();
                Class.forName(EmbedBatchExec.class.getName());
                Rule<LogicalPlan> batched = new BatchCalls();
                methods.extraStrategies_$eq(with(methods.extraStrategies(), planned));
                methods.extraOptimizations_$eq(with(methods.extraOptimizations(), batched));
            } catch (LinkageError | ClassNotFoundException e) {
                // Another Spark than the ones we know: calls are evaluated row by row.
                return;
            }
        }
    }

    private static <T> Seq<T> with(Seq<T> known, T added) {
        List<T> all = new ArrayList<>(CollectionConverters.asJava(known));
        if (all.stream().noneMatch(one -> one.getClass().equals(added.getClass()))) {
            all.add(added);
        }
        return CollectionConverters.asScala(all).toSeq();
    }
}
