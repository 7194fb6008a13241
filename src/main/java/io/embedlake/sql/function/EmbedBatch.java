package io.embedlake.sql.function;

import io.embedlake.sql.plan.LogicalStep;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** The child's rows, in their order, with what became of a text of each. Immutable. */
public final class EmbedBatch extends LogicalStep {
    private final ModelCall call;
    private final Expression text;
    private final Attribute result;
    private final int wanted;

    /**
     * A node; Spark copies it by this constructor too.
     *
     * @param text of a row of the child
     * @param result the column that is added
     * @param wanted how many rows the query probably takes; all when 0
     */
    public EmbedBatch(ModelCall call, Expression text, Attribute result, int wanted, LogicalPlan child) {
        super(List.of(result), child);
        this.call = call;
        this.text = text;
        this.result = result;
        this.wanted = wanted;
    }

    ModelCall call() {
        return call;
    }

    Expression text() {
        return text;
    }

    Attribute result() {
        return result;
    }

    int wanted() {
        return wanted;
    }

    @Override
    protected List<Object> parts() {
        return List.of(call, text, result, wanted);
    }

    @Override
    protected LogicalPlan over(LogicalPlan other) {
        return new EmbedBatch(call, text, result, wanted, other);
    }
}
