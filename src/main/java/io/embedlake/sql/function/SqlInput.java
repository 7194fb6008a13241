package io.embedlake.sql.function;

import io.embedlake.spi.Input;
import io.embedlake.text.Texts;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/** Values of Spark's own rows as inputs. Stateless. */
final class SqlInput {
    private SqlInput() {}

    /** The text, or the image of a BINARY; empty where it is null or blank. */
    static Optional<Input> of(Object value) {
        if (value instanceof byte[] image) {
            return Optional.of(Input.of(image));
        }
        return Optional.ofNullable(value)
                .map(text -> ((UTF8String) text).toString())
                .filter(text -> !Texts.isBlank(text))
                .map(Input::of);
    }
}
