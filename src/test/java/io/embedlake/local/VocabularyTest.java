package io.embedlake.local;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.local.files.TokenizerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that have BERT's vocab.txt and no tokenizer.json. */
class VocabularyTest {
    @TempDir
    Path folder;

    @Test
    void givesTheIdsOfTheTokenizerThatIsMadeOfIt() throws IOException {
        try (TransformerTokenizer whole = read(MiniLm.FILES.tokenizer());
                TransformerTokenizer plain = read(vocabulary())) {
            for (String text : GoldenText.TEXTS) {
                TokenIds expected = (TokenIds) whole.encode(text);
                TokenIds actual = (TokenIds) plain.encode(text);
                assertArrayEquals(expected.ids(), actual.ids(), text);
                assertEquals(expected.truncated(), actual.truncated());
            }
        }
    }

    @Test
    void keepsCaseWhenItsConfigSaysSo() throws IOException {
        TokenizerFolder settings = new TokenizerFolder(
                "{\"settings\": {\"do_lower_case\": false}, \"model\": {\"model_type\": \"bert\"}}",
                OptionalInt.empty());
        try (TransformerTokenizer cased = read(TokenizerFile.of("test", vocabulary(), settings, false))) {
            TokenIds upper = (TokenIds) cased.encode("Paris");
            TokenIds lower = (TokenIds) cased.encode("paris");
            assertNotEquals(List.of(upper.ids()), List.of(lower.ids()));
            assertEquals(3, lower.tokens());
        }
    }

    @Test
    void refusesAVocabularyWithoutTheSpecialPieces() throws IOException {
        Path vocabulary = Files.writeString(folder.resolve("vocab.txt"), "a\nb\n");
        assertMisconfigured(() -> read(vocabulary), vocabulary + " (its vocabulary has no [CLS])");
    }

    private Path vocabulary() throws IOException {
        JsonNode pieces = new ObjectMapper()
                .readTree(MiniLm.FILES.tokenizer().toFile())
                .path("model")
                .path("vocab");
        String[] lines = new String[pieces.size()];
        pieces.properties().forEach(piece -> lines[piece.getValue().asInt()] = piece.getKey());
        return Files.write(folder.resolve("vocab.txt"), List.of(lines));
    }

    private static TransformerTokenizer read(Path file) {
        return read(TokenizerFile.of(file));
    }

    private static TransformerTokenizer read(TokenizerFile file) {
        return TransformerTokenizer.read("test", file, 256, Prompt.NONE, LongText.TRUNCATE, Optional.empty());
    }
}
