package io.embedlake.sql.function;

import io.embedlake.spi.InputKind;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What a call says of its model. Immutable.
 *
 * @param value what the call returns
 * @param input what it embeds
 * @param model when absent or blank, the one in the package
 * @param options keys of a column or a job, with their values
 */
record WrittenCall(EmbeddedValue value, InputKind input, Optional<String> model, Map<String, String> options) {
    WrittenCall {
        options = Map.copyOf(options);
    }

    /** Of arguments; what was not given is null. */
    static WrittenCall of(EmbeddedValue value, InputKind input, UTF8String model, MapData options) {
        return new WrittenCall(value, input, text(model), texts(options));
    }

    private static Optional<String> text(UTF8String model) {
        return Optional.ofNullable(model).map(UTF8String::toString).filter(given -> !given.isBlank());
    }

    private static Map<String, String> texts(MapData options) {
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; options != null && i < options.numElements(); i++) {
            texts.put(
                    options.keyArray().getUTF8String(i).toString(),
                    options.valueArray().isNullAt(i)
                            ? ""
                            : options.valueArray().getUTF8String(i).toString());
        }
        return texts;
    }
}
