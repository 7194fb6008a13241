package io.embedlake.remote.format.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.remote.format.common.Success;
import io.embedlake.remote.format.json.WrongAnswer;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The reply of OpenAI and compatible providers. Its model name is ignored: aliases and deployments have other names. Immutable. */
public record NumberedVectors(List<Item> data, Usage usage, JsonNode error) implements Success {
    /** A vector and the number of its text. */
    public record Item(Integer index, float[] embedding) {}

    /** Absent, zero or full of nulls, as the provider likes. */
    public record Usage(
            @JsonProperty("prompt_tokens") Long promptTokens, @JsonProperty("total_tokens") Long totalTokens) {}

    @Override
    public List<float[]> vectors(int texts) {
        // A few servers leave the numbers out; they can only be trusted to keep the order.
        boolean numbered = data == null || data.stream().anyMatch(item -> item != null && item.index() != null);
        return numbered
                ? Success.byIndex(data, texts, Item::embedding, NumberedVectors::index)
                : Success.inOrder(data, texts, Item::embedding);
    }

    @Override
    public OptionalLong tokens() {
        return usage == null
                ? OptionalLong.empty()
                : Stream.of(new Long[] {usage.totalTokens(), usage.promptTokens()})
                        .filter(count -> count != null && count >= 0)
                        .mapToLong(Long::longValue)
                        .findFirst();
    }

    private static int index(Item item) {
        if (item.index() == null) {
            throw new WrongAnswer("an index is missing among others");
        }
        return item.index();
    }
}
