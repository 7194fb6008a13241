package io.embedlake.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The parts of a tokenizer's file that its native library does not refuse but dies of, and the process with it. Stateless. */
final class FatalParts {
    private FatalParts() {}

    /** The first one found, in words. */
    static Optional<String> of(JsonNode tokenizer) {
        return Stream.of(
                        steps(tokenizer.path("post_processor"), "processors").flatMap(FatalParts::undefinedTokens),
                        steps(tokenizer.path("normalizer"), "normalizers").flatMap(FatalParts::emptyOrDamaged),
                        shortMerges(tokenizer.path("model")))
                .flatMap(found -> found)
                .findFirst();
    }

    /** A part and the parts within it. */
    private static Stream<JsonNode> steps(JsonNode part, String within) {
        return Stream.concat(Stream.of(part), elements(part.path(within)).flatMap(step -> steps(step, within)));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static Stream<String> undefinedTokens(JsonNode processor) {
        return Stream.of("single", "pair")
                .flatMap(template -> elements(processor.path(template)))
                .map(piece -> piece.path("SpecialToken").path("id"))
                .filter(id ->
                        id.isTextual() && !processor.path("special_tokens").has(id.asText()))
                .map(id -> "its post_processor puts in the token " + id.asText() + " and does not define it");
    }

    private static Stream<String> emptyOrDamaged(JsonNode normalizer) {
        return switch (normalizer.path("type").asText()) {
            case "Precompiled" ->
                isMap(normalizer.path("precompiled_charsmap").asText(""))
                        ? Stream.empty()
                        : Stream.of("the precompiled_charsmap of its normalizer is missing or damaged");
            case "Replace" -> empty(normalizer.path("pattern").path("String"), "replaces");
            case "Prepend" -> empty(normalizer.path("prepend"), "puts in front");
            default -> Stream.empty();
        };
    }

    private static Stream<String> empty(JsonNode text, String what) {
        return text.isTextual() && text.asText().isEmpty()
                ? Stream.of("what its normalizer " + what + " is empty")
                : Stream.empty();
    }

    /** The second part of each merge loses the prefix of continued words. */
    private static Stream<String> shortMerges(JsonNode model) {
        String prefix = model.path("continuing_subword_prefix").asText("");
        return prefix.isEmpty()
                ? Stream.empty()
                : elements(model.path("merges"))
                        .map(merge -> merge.isArray()
                                ? merge.path(1).asText()
                                : merge.asText().substring(merge.asText().indexOf(' ') + 1))
                        .filter(part -> !part.startsWith(prefix))
                        .map(part -> "its merges are made without its continuing_subword_prefix " + prefix);
    }

    /** SentencePiece's format in Base64: the length of a trie in bytes, the trie, and text in UTF-8. */
    private static boolean isMap(String base64) {
        try {
            ByteBuffer map = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            int trie = map.remaining() < Integer.BYTES ? -1 : map.getInt();
            if (trie < 0 || trie > map.remaining()) {
                return false;
            }
            StandardCharsets.UTF_8.newDecoder().decode(map.position(map.position() + trie));
            return true;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }
}
