package io.embedlake.spark.sql;

import io.embedlake.reduce.Reducer;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Columns that are computed from columns of vectors, straight on Spark's own arrays: no value is boxed, and what is null stays null.
 * Stateless.
 */
public final class VectorColumns {
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

    private VectorColumns() {}

    /**
     * Shorter vectors, {@code array<float>}.
     *
     * @param vector {@code array<float>}
     */
    public static Column reduced(Column vector, Reducer reducer) {
        Object kernel = new VectorKernels.Reduce(reducer);
        Expression target = Literal.fromObject(kernel, new ObjectType(kernel.getClass()));
        return ExpressionUtils.column(new Invoke(
                target,
                "apply",
                FLOATS,
                CollectionConverters.asScala(List.of(ExpressionUtils.expression(vector)))
                        .toSeq(),
                CollectionConverters.asScala(List.<AbstractDataType>of()).toSeq(),
                true,
                false,
                true));
    }
}
