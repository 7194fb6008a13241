package io.embedlake.sql;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.types.DataTypes;

/**
 * The arguments of a call, by the names of the parameters. Immutable.
 *
 * @param procedure the procedure's name
 * @param parameters its parameters, in order
 * @param values their values, in the same order
 */
record Arguments(String procedure, List<ProcedureParameter> parameters, InternalRow values) {
    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is NULL or blank */
    String text(String name) {
        return optional(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot call the procedure " + procedure + ": its argument " + name
                                + " is NULL or empty (it has to be given). Give it."));
    }

    /** A text that may be NULL. */
    Optional<String> optional(String name) {
        int index = index(name);
        return values.isNullAt(index)
                ? Optional.empty()
                : Optional.of(values.getUTF8String(index).toString());
    }

    /** A number that may be NULL. */
    OptionalInt number(String name) {
        int index = index(name);
        return values.isNullAt(index) ? OptionalInt.empty() : OptionalInt.of(values.getInt(index));
    }

    /** A number with a fraction that may be NULL. */
    OptionalDouble real(String name) {
        int index = index(name);
        return values.isNullAt(index) ? OptionalDouble.empty() : OptionalDouble.of(values.getDouble(index));
    }

    /** Bytes that may be NULL. */
    Optional<byte[]> bytes(String name) {
        int index = index(name);
        return values.isNullAt(index) ? Optional.empty() : Optional.of(values.getBinary(index));
    }

    /** A map of texts, empty where it is NULL. */
    Map<String, String> map(String name) {
        Map<String, String> map = new TreeMap<>();
        int index = index(name);
        if (!values.isNullAt(index)) {
            MapData data = values.getMap(index);
            for (int i = 0; i < data.numElements(); i++) {
                Object value = data.valueArray().get(i, DataTypes.StringType);
                map.put(data.keyArray().get(i, DataTypes.StringType).toString(), value == null ? "" : value.toString());
            }
        }
        return map;
    }

    private int index(String name) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no parameter " + name);
    }
}
