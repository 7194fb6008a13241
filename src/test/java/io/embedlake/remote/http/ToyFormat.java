package io.embedlake.remote.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.Cause;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A wire format like OpenAI's in small. Immutable. */
final class ToyFormat implements WireFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Budgets budgets() {
        return new Budgets(100, 1000, 100_000, 1 << 20);
    }

    @Override
    public Call call(List<String> texts) {
        try {
            return new Call("/embeddings", Map.of(), JSON.writeValueAsBytes(Map.of("input", texts)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Reading read(Reply reply, int texts) {
        return switch (reply.status()) {
            case 200 -> answer(reply.body(), texts);
            case 400 -> refused(new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8));
            case 401 -> fault(Cause.AUTHORISATION, reply);
            case 402 -> fault(Cause.QUOTA, reply);
            case 404 -> fault(Cause.NOT_FOUND, reply);
            case 307 -> fault(Cause.MOVED, reply);
            case 413 -> fault(Cause.CALL_TOO_BIG, reply);
            case 429 -> fault(Cause.RATE, reply);
            default -> fault(Cause.TRANSIENT, reply);
        };
    }

    private static Reading refused(String words) {
        String[] parts = words.split(" ");
        Cause cause =
                switch (parts[0]) {
                    case "long" -> Cause.TEXT_TOO_LONG;
                    case "option" -> Cause.BAD_OPTION;
                    default -> Cause.BAD_TEXT;
                };
        OptionalInt text = parts.length > 1 ? OptionalInt.of(Integer.parseInt(parts[1])) : OptionalInt.empty();
        return new Reading.Fault(cause, "HTTP 400: " + parts[0], Optional.empty(), text, OptionalInt.empty());
    }

    private static Reading.Fault fault(Cause cause, Reply reply) {
        Optional<Duration> delay = reply.header("retry-after")
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .or(() -> reply.header("retry-after-ms").map(millis -> Duration.ofMillis(Long.parseLong(millis))));
        OptionalInt cap = reply.header("x-cap")
                .map(texts -> OptionalInt.of(Integer.parseInt(texts)))
                .orElse(OptionalInt.empty());
        return new Reading.Fault(cause, "HTTP " + reply.status(), delay, OptionalInt.empty(), cap);
    }

    private static Reading answer(byte[] body, int texts) {
        try {
            JsonNode answer = JSON.readTree(body);
            JsonNode data = answer.path("data");
            if (data.size() != texts) {
                return Reading.Fault.of(Cause.WRONG_ANSWER, data.size() + " vectors for " + texts + " texts");
            }
            List<float[]> vectors = new ArrayList<>(Collections.nCopies(texts, null));
            for (JsonNode one : data) {
                int index = one.path("index").asInt(-1);
                if (index < 0 || index >= texts || vectors.get(index) != null) {
                    return Reading.Fault.of(Cause.WRONG_ANSWER, "index " + one.path("index"));
                }
                vectors.set(index, vector(one.path("embedding")));
            }
            if (vectors.stream().anyMatch(vector -> !isFinite(vector))) {
                return Reading.Fault.of(Cause.WRONG_ANSWER, "a value that is not finite");
            }
            JsonNode tokens = answer.path("tokens");
            return new Reading.Answer(
                    vectors, tokens.isNumber() ? OptionalLong.of(tokens.asLong()) : OptionalLong.empty());
        } catch (IOException e) {
            return Reading.Fault.of(Cause.WRONG_ANSWER, "no JSON");
        }
    }

    private static float[] vector(JsonNode values) {
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).isNumber() ? values.get(i).floatValue() : Float.NaN;
        }
        return vector;
    }

    private static boolean isFinite(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
