package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.Json;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A reply of any JSON, taken apart by paths. Immutable.
 *
 * @param root all of it
 * @param place of the vectors
 * @param indices the places of their numbers, if they have some
 * @param charged the place of the number of tokens, if it is said
 */
public record PathVectors(JsonNode root, JsonPath place, Optional<JsonPath> indices, Optional<JsonPath> charged)
        implements Success {
    private record Item(float[] vector, int index) {}

    @Override
    public List<float[]> vectors(int texts) {
        List<float[]> found = place.find(root).stream().map(PathVectors::vector).toList();
        if (indices.isEmpty()) {
            return Success.inOrder(found, texts, vector -> vector);
        }
        List<JsonNode> numbers = indices.get().find(root);
        if (numbers.size() != found.size() || !numbers.stream().allMatch(JsonNode::isInt)) {
            throw new WrongAnswer("an index is missing");
        }
        List<Item> items = IntStream.range(0, found.size())
                .mapToObj(i -> new Item(found.get(i), numbers.get(i).asInt()))
                .toList();
        return Success.byIndex(items, texts, Item::vector, Item::index);
    }

    @Override
    public OptionalLong tokens() {
        return charged.stream()
                .flatMap(path -> path.find(root).stream())
                .filter(JsonNode::isIntegralNumber)
                .mapToLong(JsonNode::asLong)
                .findFirst();
    }

    @Override
    public JsonNode error() {
        return root.path("error");
    }

    private static float[] vector(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            throw new WrongAnswer("a vector is missing");
        }
        return Json.vector(node);
    }
}
