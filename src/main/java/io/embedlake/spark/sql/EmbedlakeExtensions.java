package io.embedlake.spark.sql;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives a Spark session embedlake's SQL functions, where {@code spark.sql.extensions} names this class: {@code embedlake_cosine} of two
 * vectors, or of two columns of scaled bytes with their scales, and {@code embedlake_hamming} of two columns of bits. Immutable.
 */
public final class EmbedlakeExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        VectorFunctions.ALL.stream()
                .map(VectorFunctions.Signature::name)
                .distinct()
                .forEach(name -> extensions.injectFunction(new Tuple3<>(
                        new FunctionIdentifier(name),
                        new ExpressionInfo(VectorFunctions.class.getName(), name),
                        new Call(name))));
        return BoxedUnit.UNIT;
    }

    /** Turns a call of a function into the expression that computes it. Immutable. */
    private static final class Call extends AbstractFunction1<Seq<Expression>, Expression> {
        private final String name;

        Call(String name) {
            this.name = name;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            VectorFunctions.Signature signature = VectorFunctions.ALL.stream()
                    .filter(each -> each.name().equals(name) && each.arguments().size() == arguments.size())
                    .findFirst()
                    .orElseThrow(() -> new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot call " + name + " with " + arguments.size() + " arguments (it takes "
                                    + (name.endsWith("cosine")
                                            ? "two vectors, or two codes and their scales"
                                            : "two codes")
                                    + "). Correct the query."));
            return new StaticInvoke(
                    VectorFunctions.class,
                    signature.result(),
                    signature.method(),
                    arguments,
                    CollectionConverters.asScala(signature.arguments()).toSeq(),
                    true,
                    false,
                    true,
                    Option.empty());
        }
    }
}
