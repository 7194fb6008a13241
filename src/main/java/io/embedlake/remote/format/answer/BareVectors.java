package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.embedlake.remote.format.common.Success;
import java.util.List;
import java.util.function.Function;

/** A reply that is nothing but vectors in the order of the texts. Immutable. */
public record BareVectors(List<float[]> all) implements Success {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BareVectors {}

    @Override
    public List<float[]> vectors(int texts) {
        return Success.inOrder(all, texts, Function.identity());
    }
}
