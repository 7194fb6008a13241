package io.embedlake.remote.format.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

/** The Jackson settings of this package: absent values are not written, unknown properties are ignored. Stateless. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .build())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule().addDeserializer(float[].class, new VectorReader()))
            .build();

    private Json() {}

    /** A text, a number or a boolean as a tree. */
    static JsonNode node(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The JSON of a request; components that are empty are left out. */
    public static String write(Object request) {
        try {
            return MAPPER.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of a request", e);
        }
    }

    /**
     * A reply's body as a record.
     *
     * @throws WrongAnswer when the JSON does not match
     */
    public static <T> T read(byte[] body, Class<T> type) {
        T value;
        try {
            value = MAPPER.readValue(body, type);
        } catch (IOException e) {
            throw wrong(e, body);
        }
        if (value == null) {
            throw new WrongAnswer("the body is null");
        }
        return value;
    }

    /** A part of a tree as a vector, with the checks of every vector. */
    public static float[] vector(JsonNode node) {
        try {
            return Objects.requireNonNull(MAPPER.treeToValue(node, float[].class));
        } catch (IOException e) {
            throw wrong(e, new byte[0]);
        }
    }

    /** A body as a tree; the missing node where it is no JSON. */
    public static JsonNode tree(byte[] body) {
        try {
            return Objects.requireNonNullElse(MAPPER.readTree(body), MissingNode.getInstance());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Jackson's own messages quote the body. */
    private static WrongAnswer wrong(IOException e, byte[] body) {
        return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .filter(WrongAnswer.class::isInstance)
                .map(WrongAnswer.class::cast)
                .findFirst()
                .orElseGet(() -> new WrongAnswer(shape(body)));
    }

    private static String shape(byte[] body) {
        int first = 0;
        while (first < body.length && Character.isWhitespace(body[first])) {
            first++;
        }
        if (first == body.length) {
            return "the body is empty";
        }
        return body[first] == '<'
                ? "the body is HTML or XML"
                : "the body of " + body.length + " bytes is cut or is not the JSON of this API";
    }
}
