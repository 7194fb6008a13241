package io.embedlake.sql.function;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractPartialFunction;

/** Gives the calls of a query their models: each is described, checked and offered to executors before the query reads a row. Stateless. */
public final class ModelCalls extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformAllExpressions(new WithModel());
    }

    private static final class WithModel extends AbstractPartialFunction<Expression, Expression> {
        @Override
        public boolean isDefinedAt(Expression expression) {
            return written(expression).isPresent();
        }

        @Override
        public <A extends Expression, B> B applyOrElse(A expression, Function1<A, B> otherwise) {
            Optional<EmbedCall> call = written(expression);
            if (call.isEmpty()) {
                return otherwise.apply(expression);
            }
            @SuppressWarnings("unchecked")
            B replaced = (B) withModel(call.get(), ((Invoke) (Expression) expression).arguments());
            return replaced;
        }
    }

    private static Optional<EmbedCall> written(Expression expression) {
        return expression instanceof Invoke invoke
                        && invoke.targetObject() instanceof Literal target
                        && target.value() instanceof EmbedCall call
                ? Optional.of(call)
                : Optional.empty();
    }

    private static Expression withModel(EmbedCall call, Seq<Expression> arguments) {
        Expression text = null;
        UTF8String model = null;
        MapData options = null;
        for (int place = 0; place < arguments.size(); place++) {
            Argument argument = Argument.of(arguments.apply(place), place);
            switch (argument.name()) {
                case "text", "image" -> text = argument.value();
                case "model" -> model = (UTF8String) constant(call, argument);
                case "options" -> options = (MapData) constant(call, argument);
                default -> throw refused(call, "it has no argument " + argument.name());
            }
        }
        if (text == null) {
            throw refused(call, "its argument " + input(call) + " is missing");
        }
        InputKind input = text.dataType() instanceof BinaryType ? InputKind.IMAGE : InputKind.TEXT;
        return call.models()
                .call(WrittenCall.of(call.value(), input, model, options))
                .of(text);
    }

    /** By its name, where it has one. */
    private record Argument(String name, Expression value) {
        static Argument of(Expression given, int place) {
            if (given instanceof NamedArgumentExpression named) {
                return new Argument(named.key().toLowerCase(Locale.ROOT), named.value());
            }
            boolean isMap = given.dataType() instanceof MapType;
            return new Argument(place == 0 ? "text" : isMap ? "options" : "model", given);
        }
    }

    private static EmbedlakeException refused(EmbedCall call, String what) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot call " + call.name() + ": " + what
                        + " (its arguments are " + input(call)
                        + ", model and options). Correct the call.");
    }

    private static String input(EmbedCall call) {
        return call.value() == EmbeddedValue.IMAGE ? "image" : "text";
    }

    private static Object constant(EmbedCall call, Argument argument) {
        if (!argument.value().foldable()) {
            throw EmbedCall.notConstant(call.name());
        }
        Object value = argument.value().eval(InternalRow.empty());
        if (value == null) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot call " + call.name() + ": its " + argument.name()
                            + " is NULL (it says what embeds). Give it, or leave it out for the model in the package.");
        }
        return value;
    }
}
