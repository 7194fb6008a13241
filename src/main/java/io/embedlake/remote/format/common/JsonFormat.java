package io.embedlake.remote.format.common;

import io.embedlake.remote.format.BodySize;
import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.Reading;
import io.embedlake.remote.format.Reply;
import io.embedlake.remote.format.fault.ErrorClassifier;
import io.embedlake.remote.format.json.Frame;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A wire format that posts JSON and gets JSON; the differences between APIs are parameters. Immutable.
 *
 * @param path what follows the endpoint's base URL
 * @param frame the request around the texts
 * @param success reads the body of a successful reply
 * @param faults the table of errors
 * @param budgets what a call may hold
 * @param dimension the requested length of vectors, if any
 * @param vectorOptions the model and the options that change vectors
 */
public record JsonFormat(
        String path,
        Frame frame,
        Function<byte[], ? extends Success> success,
        ErrorClassifier faults,
        Budgets budgets,
        OptionalInt dimension,
        Map<String, String> vectorOptions)
        implements ModelFormat {
    public JsonFormat {
        vectorOptions = Map.copyOf(vectorOptions);
    }

    @Override
    public BodySize bodySize() {
        return frame;
    }

    @Override
    public Call call(List<String> texts) {
        if (texts.isEmpty() || texts.size() > budgets.texts()) {
            throw new IllegalArgumentException("a call holds 1 to " + budgets.texts() + " texts: " + texts.size());
        }
        return new Call(path, Map.of(), frame.body(texts));
    }

    @Override
    public Reading read(Reply reply, int texts) {
        if (reply.status() / 100 != 2) {
            return faults.ofError(reply, texts);
        }
        try {
            Success body = success.apply(reply.body());
            if (body.error() != null
                    && !body.error().isMissingNode()
                    && !body.error().isNull()) {
                return faults.ofSuccess(reply, texts, "an error with a status of success");
            }
            List<float[]> vectors = body.vectors(texts);
            body.requireSound(vectors);
            return new Reading.Answer(vectors, body.charged(reply), body.cut()).ofLength(dimension);
        } catch (WrongAnswer e) {
            return faults.ofSuccess(reply, texts, e.getMessage());
        }
    }

    /** What reads a body into a record. */
    public static <T extends Success> Function<byte[], T> reading(Class<T> type) {
        return body -> Json.read(body, type);
    }

    @Override
    public String toString() {
        return "POST " + path + " " + vectorOptions;
    }
}
