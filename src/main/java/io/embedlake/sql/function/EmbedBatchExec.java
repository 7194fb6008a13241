package io.embedlake.sql.function;

import io.embedlake.spark.executor.EmbedEveryRow;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.sql.plan.PhysicalStep;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Embeds partition by partition, with the engine's windows and batches. Immutable. */
public final class EmbedBatchExec extends PhysicalStep {
    private static final long serialVersionUID = 1L;

    private final ModelCall call;
    private final Expression text;
    private final Attribute result;
    private final int wanted;

    /** As {@link EmbedBatch}; Spark copies it by this constructor too. */
    public EmbedBatchExec(ModelCall call, Expression text, Attribute result, int wanted, SparkPlan child) {
        super(List.of(result), child);
        this.call = call;
        this.text = text;
        this.result = result;
        this.wanted = wanted;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        Expression bound = BindReferences.bindReference(
                text, org.apache.spark.sql.catalyst.expressions.package$.MODULE$.AttributeSeq(child().output()), false);
        return child().execute()
                .toJavaRDD()
                .mapPartitions(
                        new OfPartition(
                                new EmbedEveryRow<>(sparkContext(), call.model(), new WithValue(bound, call), wanted),
                                output()),
                        true)
                .rdd();
    }

    /** Immutable; runs on executors. */
    private static final class OfPartition
            implements FlatMapFunction<Iterator<InternalRow>, InternalRow>, Serializable {
        private static final long serialVersionUID = 1L;

        private final EmbedEveryRow<InternalRow> embedding;
        private final Seq<Attribute> output;

        OfPartition(EmbedEveryRow<InternalRow> embedding, Seq<Attribute> output) {
            this.embedding = embedding;
            this.output = output;
        }

        @Override
        public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
            UnsafeProjection whole = UnsafeProjection.create(expressions(output), output);
            Iterator<InternalRow> embedded = embedding.call(new Copies(rows));
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return embedded.hasNext();
                }

                @Override
                public InternalRow next() {
                    return whole.apply(embedded.next());
                }
            };
        }
    }

    /**
     * A row with its result behind it. Immutable; travels to executors.
     *
     * @param text of a row, bound to its columns
     */
    private record WithValue(Expression text, ModelCall call) implements EmbedEveryRow.Form<InternalRow> {
        @Override
        public Optional<Input> input(InternalRow row) {
            return SqlInput.of(text.eval(row));
        }

        @Override
        public InternalRow with(InternalRow row, Outcome outcome) {
            return joined(row, call.of(outcome));
        }

        @Override
        public InternalRow without(InternalRow row) {
            return joined(row, text.eval(row) == null ? null : call.value().ofBlank());
        }

        private static InternalRow joined(InternalRow row, Object result) {
            return new JoinedRow(row, new GenericInternalRow(new Object[] {result}));
        }
    }

    private static Seq<Expression> expressions(Seq<Attribute> columns) {
        return CollectionConverters.asScala(List.<Expression>copyOf(CollectionConverters.asJava(columns)))
                .toSeq();
    }

    /** Spark hands out one row again and again with other values. Confined to the task's thread. */
    private record Copies(Iterator<InternalRow> rows) implements Iterator<InternalRow> {
        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public InternalRow next() {
            return rows.next().copy();
        }
    }

    @Override
    public Partitioning outputPartitioning() {
        return child().outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child().outputOrdering();
    }

    @Override
    protected List<Object> parts() {
        return List.of(call, text, result, wanted);
    }

    @Override
    protected SparkPlan over(SparkPlan other) {
        return new EmbedBatchExec(call, text, result, wanted, other);
    }
}
