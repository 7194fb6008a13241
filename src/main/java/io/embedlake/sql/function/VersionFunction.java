package io.embedlake.sql.function;

import io.embedlake.spark.job.Versions;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The version of the jar. Immutable. */
public final class VersionFunction implements UnboundFunction, ScalarFunction<UTF8String> {
    private static final long serialVersionUID = 1L;

    /** Found by Spark by its name. */
    public UTF8String invoke() {
        return UTF8String.fromString(Versions.embedlake());
    }

    @Override
    public BoundFunction bind(StructType arguments) {
        if (arguments.size() > 0) {
            throw new UnsupportedOperationException("Cannot call version with arguments (" + description() + ").");
        }
        return this;
    }

    @Override
    public DataType[] inputTypes() {
        return new DataType[0];
    }

    @Override
    public DataType resultType() {
        return DataTypes.StringType;
    }

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String canonicalName() {
        return "embedlake.version";
    }

    /** For plans. */
    @Override
    public String toString() {
        return canonicalName();
    }

    @Override
    public String description() {
        return "embedlake.version(): the version of embedlake's jar";
    }
}
