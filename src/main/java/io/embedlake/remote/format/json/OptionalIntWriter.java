package io.embedlake.remote.format.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.OptionalInt;

/** Writes what is there, and nothing where nothing is. Stateless. */
final class OptionalIntWriter extends StdSerializer<OptionalInt> {
    private static final long serialVersionUID = 1L;

    OptionalIntWriter() {
        super(OptionalInt.class);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, OptionalInt value) {
        return value.isEmpty();
    }

    @Override
    public void serialize(OptionalInt value, JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeNumber(value.getAsInt());
    }
}
