package io.embedlake.spark.sql;

import io.embedlake.reduce.Reducer;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** What generated code calls for each row; public for that alone. Its classes are immutable and run on executors. */
public final class VectorKernels {
    private VectorKernels() {}

    /** Makes a vector shorter. */
    public static final class Reduce implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Reducer reducer;

        Reduce(Reducer reducer) {
            this.reducer = reducer;
        }

        /** The short vector. */
        public ArrayData apply(ArrayData vector) {
            return UnsafeArrayData.fromPrimitiveArray(reducer.reduce(vector.toFloatArray()));
        }
    }
}
