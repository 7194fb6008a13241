package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.spi.SecretReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the committed files with what the keys say, or writes them anew with {@code -Dembedlake.update=true}. */
class GeneratedFilesTest {
    private static final Path REFERENCE = Path.of("conf/reference.yaml");
    private static final Path SCHEMA = Path.of("conf/embedlake.schema.json");
    private static final Path TABLE = Path.of("docs/keys.md");

    private static void compare(Path file, String text) throws IOException {
        if (Boolean.getBoolean("embedlake.update")) {
            Files.writeString(file, text);
        }
        assertEquals(
                text, Files.readString(file), file + " is out of date: run the tests with -Dembedlake.update=true");
    }

    @Test
    void referenceIsUpToDate() throws IOException {
        compare(REFERENCE, ReferenceYaml.text());
    }

    @Test
    void schemaIsUpToDate() throws IOException {
        compare(SCHEMA, JsonSchema.text());
    }

    @Test
    void keyTableIsUpToDate() throws IOException {
        compare(TABLE, KeyTable.text());
    }

    @Test
    void referenceNamesEveryKeyAndLoads() {
        for (Key<?> key : Keys.ALL) {
            assertTrue(
                    ReferenceYaml.text().lines().anyMatch(line -> line.matches("[ #-]*" + key.name() + ": .+")),
                    key.path());
        }
        JobSpec reference =
                JobFile.load(REFERENCE, List.of(), Map.of(), Path.of("").toAbsolutePath());
        assertEquals("reviews", reference.job());
        assertEquals(
                ReduceSpec.of(ReduceSpec.Method.PCA, 64, 20_000),
                reference.embeddings().get(0).reduce());
    }

    @Test
    void keyTableHasARowForEveryKey() {
        for (Key<?> key : Keys.ALL) {
            assertEquals(
                    1,
                    KeyTable.text()
                            .lines()
                            .filter(line -> line.startsWith("| `" + key.path() + "` |"))
                            .count(),
                    key.path());
        }
    }

    @Test
    void schemaTakesEverySecretThatAJobMayName() throws IOException {
        String pattern = new ObjectMapper()
                .readTree(JsonSchema.text())
                .findValues("api-key")
                .get(0)
                .path("pattern")
                .asText();
        for (String secret : List.of("env:API_KEY", "file:/run/key", "databricks:team/openai", "hadoop:openai.key")) {
            SecretReference.parse(secret);
            assertTrue(Pattern.compile(pattern).matcher(secret).find(), secret);
        }
        assertFalse(Pattern.compile(pattern).matcher("sk-abcdefgh").find());
    }

    @Test
    void schemaHasEveryKeyAndNoOther() throws IOException {
        Set<String> paths = new HashSet<>();
        collect(new ObjectMapper().readTree(JsonSchema.text()), "", paths);
        assertEquals(Keys.ALL.stream().map(Key::path).collect(Collectors.toSet()), paths);
    }

    private static void collect(JsonNode object, String path, Set<String> paths) {
        assertFalse(object.get("additionalProperties").asBoolean(true), path);
        object.get("properties").properties().forEach(property -> {
            String child = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            JsonNode schema = property.getValue();
            if (schema.path("items").has("properties")) {
                collect(schema.get("items"), child + "[]", paths);
            } else if (schema.has("properties")) {
                collect(schema, child, paths);
            } else {
                assertFalse(schema.get("description").asText().isBlank());
                paths.add(child);
            }
        });
    }

    @Test
    void schemaStatesRangesChoicesAndDefaults() throws IOException {
        JsonNode item = new ObjectMapper().readTree(JsonSchema.text()).at("/properties/embeddings/items/properties");
        assertEquals("auto", item.at("/batch-tokens/default").asText());
        assertEquals(20_000, item.at("/reduce/properties/sample-rows/default").asInt());
        assertTrue(item.at("/reduce/properties/sample-rows/default").isInt());
        assertEquals(64, item.at("/batch-tokens/anyOf/0/minimum").asInt());
        assertEquals(1_000_000, item.at("/batch-tokens/anyOf/0/maximum").asInt());
        assertEquals("auto", item.at("/batch-tokens/anyOf/1/const").asText());
        assertEquals(
                "[\"auto\",\"cpu\",\"gpu\"]", item.at("/device/anyOf/0/enum").toString());
    }
}
