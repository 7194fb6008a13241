package io.embedlake.sql;

import io.embedlake.Embedlake;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.procedures.BoundProcedure;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/**
 * A procedure of SQL; it works in the session that calls it. Immutable.
 *
 * @param name as it is called
 * @param description for {@code DESCRIBE PROCEDURE}
 * @param inputs its parameters, in order
 * @param body what it does
 */
record Procedure(String name, String description, List<ProcedureParameter> inputs, Body body)
        implements UnboundProcedure, BoundProcedure {
    /** What a procedure does: the arguments in, a small table out. */
    interface Body {
        ResultTable call(Embedlake lake, Arguments arguments);
    }

    /** With the parameters, which Spark does not show. */
    @Override
    public String description() {
        return description
                + inputs.stream()
                        .map(input -> "\n  " + input.name() + " "
                                + input.dataType().sql()
                                + (input.defaultValue() == null
                                        ? ""
                                        : " DEFAULT " + input.defaultValue().getSql())
                                + ": " + input.comment())
                        .collect(Collectors.joining());
    }

    @Override
    public BoundProcedure bind(StructType inputType) {
        return this;
    }

    @Override
    public ProcedureParameter[] parameters() {
        return inputs.toArray(ProcedureParameter[]::new);
    }

    @Override
    public boolean isDeterministic() {
        return false;
    }

    @Override
    public Iterator<Scan> call(InternalRow input) {
        Scan result = body.call(Embedlake.on(SparkSession.active()), new Arguments(name, inputs, input));
        return List.of(result).iterator();
    }
}
