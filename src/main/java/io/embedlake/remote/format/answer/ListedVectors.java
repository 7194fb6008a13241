package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.WrongAnswer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The reply of Cohere's models wherever they run: vectors in the order of the texts, in a list or by type. The texts that it echoes are
 * ignored. Immutable.
 */
public record ListedVectors(
        @JsonDeserialize(using = EitherShape.class) List<float[]> embeddings, Meta meta, JsonNode error)
        implements Success {
    /** What surrounds the vectors. */
    public record Meta(@JsonProperty("billed_units") Billed billed) {}

    /** What is charged. */
    public record Billed(
            @JsonProperty("input_tokens") Long inputTokens,
            @JsonProperty("image_tokens") Long imageTokens,
            Long images) {
        /** Texts and images together; an image that is charged for as such is one. */
        OptionalLong all() {
            List<Long> charged = Stream.of(inputTokens, imageTokens, images)
                    .filter(Objects::nonNull)
                    .toList();
            return charged.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(
                            charged.stream().mapToLong(Long::longValue).sum());
        }
    }

    @Override
    public List<float[]> vectors(int texts) {
        return Success.inOrder(embeddings, texts, Function.identity());
    }

    @Override
    public OptionalLong tokens() {
        return meta == null || meta.billed() == null
                ? OptionalLong.empty()
                : meta.billed().all();
    }

    /** A list of vectors, or an object with such a list for each requested type. */
    static final class EitherShape extends StdDeserializer<List<float[]>> {
        private static final long serialVersionUID = 1L;

        EitherShape() {
            super(List.class);
        }

        @Override
        public List<float[]> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                return list(parser, context);
            }
            List<float[]> found = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String type = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY && (type.equals("float") || type.equals("base64"))) {
                    found = list(parser, context);
                } else {
                    parser.skipChildren();
                }
            }
            if (found == null) {
                throw new WrongAnswer("the body has no vectors of floats");
            }
            return found;
        }

        private static List<float[]> list(JsonParser parser, DeserializationContext context) throws IOException {
            return Arrays.asList(context.readValue(parser, float[][].class));
        }
    }
}
