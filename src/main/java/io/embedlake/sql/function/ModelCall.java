package io.embedlake.sql.function;

import io.embedlake.reduce.Reduction;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.executor.SingleTexts;
import io.embedlake.spi.Outcome;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call that has its model, which executors can load. Immutable; travels to executors.
 *
 * @param model what embeds
 * @param reduction how vectors become shorter
 * @param value what the call returns
 */
public record ModelCall(LoadedModel model, Reduction reduction, EmbeddedValue value) implements Serializable {
    private static final String METHOD = "invoke";

    /** Evaluates the call for one text. */
    public Object invoke(UTF8String text) {
        return single(text);
    }

    /** Evaluates the call for one image. */
    public Object invoke(byte[] image) {
        return single(image);
    }

    private Object single(Object given) {
        if (given == null) {
            return null;
        }
        return SqlInput.of(given)
                .map(input -> of(SingleTexts.embed(model, input)))
                .orElseGet(value::ofBlank);
    }

    /** The value of a text that was embedded or refused. */
    Object of(Outcome outcome) {
        return value.of(reduction, outcome);
    }

    /** The call as an expression that Spark evaluates row by row. */
    Expression of(Expression text) {
        return new Invoke(
                Literal.fromObject(this, new ObjectType(ModelCall.class)),
                METHOD,
                value.type(),
                CollectionConverters.asScala(List.of(text)).toSeq(),
                CollectionConverters.asScala(List.<AbstractDataType>of(text.dataType()))
                        .toSeq(),
                true,
                true,
                true);
    }

    /** The call that an expression is. */
    static Optional<ModelCall> in(Expression expression) {
        return expression instanceof Invoke invoke
                        && invoke.targetObject() instanceof Literal target
                        && target.value() instanceof ModelCall call
                ? Optional.of(call)
                : Optional.empty();
    }

    /** Whether an expression is or has a call. */
    static boolean isWithin(Expression expression) {
        return in(expression).isPresent()
                || CollectionConverters.asJava(expression.children()).stream().anyMatch(ModelCall::isWithin);
    }

    /** The text of an expression that is a call. */
    static Expression text(Expression call) {
        return ((Invoke) call).arguments().head();
    }

    /** For plans: the model's name alone. */
    @Override
    public String toString() {
        return "embed with " + model.spec().label();
    }
}
