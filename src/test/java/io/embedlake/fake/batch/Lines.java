package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import io.embedlake.fake.settings.BatchEnd;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * Works through the lines of a job: each as if it were a call, in no particular order, with the faults that were asked for. Thread-safe.
 *
 * @param answer answers a line's call
 */
record Lines(Service service, Errors errors, Function<Request, Response> answer) {
    /**
     * How a line ended. Immutable.
     *
     * @param id that the customer gave it
     */
    record Done(String id, Response response) {}

    /**
     * The lines of a file of JSON; nothing where a line is none, has no id, or has one that another has.
     *
     * @param key the field of the id
     */
    static Optional<List<JsonNode>> read(byte[] file, String key) {
        List<JsonNode> lines = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (String text : new String(file, StandardCharsets.UTF_8).split("\n")) {
            if (text.isBlank()) {
                continue;
            }
            Optional<JsonNode> line = Json.read(text.getBytes(StandardCharsets.UTF_8));
            if (line.isEmpty()
                    || !line.get().path(key).isTextual()
                    || !ids.add(line.get().path(key).asText())) {
                return Optional.empty();
            }
            lines.add(line.get());
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    /** The lines that are worked on before time is over. */
    List<JsonNode> inTime(List<JsonNode> lines) {
        return service.settings().batchEnd() == BatchEnd.EXPIRED ? lines.subList(0, lines.size() / 2) : lines;
    }

    /** Whether a job is refused as a whole. */
    boolean areRefused() {
        return service.settings().batchEnd() == BatchEnd.FAILED
                || service.settings().batchEnd() == BatchEnd.QUEUE_FULL;
    }

    /** How many texts the lines have together. */
    static long inputs(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> line.path("body").path("input"))
                .mapToLong(input -> input.isArray() ? input.size() : 1)
                .sum();
    }

    /**
     * Works through lines.
     *
     * @param defaults fields of the body that a line may leave out
     */
    List<Done> work(Request request, List<JsonNode> lines, ObjectNode defaults) {
        List<Done> done = new ArrayList<>();
        Faults faults = service.settings().faults();
        for (JsonNode line : lines) {
            String id = line.path("custom_id").asText();
            ObjectNode body = defaults.deepCopy();
            body.setAll((ObjectNode) line.path("body").deepCopy());
            Optional<Fault> fault = faults.draw("line " + id, 0);
            Request call = request.withBody(Json.bytes(body)).meeting(fault);
            done.add(new Done(
                    id,
                    fault.filter(drawn -> drawn.stage() == Fault.Stage.STATUS).isPresent()
                            ? errors.failure(500)
                            : answer.apply(call)));
        }
        Collections.shuffle(done, new Random(faults.seed()));
        return done;
    }
}
