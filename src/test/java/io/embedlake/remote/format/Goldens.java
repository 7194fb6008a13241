package io.embedlake.remote.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.remote.platform.Formats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files below golden/providers, and a format for each of their folders. Stateless. */
public final class Goldens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Goldens() {}

    /** By folder. */
    public static Map<String, ModelFormat> formats() {
        Map<String, ModelFormat> all = new TreeMap<>();
        all.put("openai", Formats.of("openai", "text-embedding-3-small", "dimensions", "4", "user", "lake"));
        all.put("azure", Formats.of("azure-openai", "my-deployment"));
        all.put("azure-classic", Formats.of("azure-openai", "my-deployment", "api-version", "2024-10-21"));
        all.put("llama-cpp", Formats.of("openai-compatible", "nomic"));
        all.put("gateway", Formats.of("openai-compatible", "m"));
        all.put("vllm", Formats.of("openai-compatible", "BAAI/bge-m3"));
        all.put("mistral", Formats.of("mistral", "codestral-embed-2505", "dimensions", "4"));
        all.put("voyage", Formats.of("voyage", "voyage-3.5", "input-type", "document", "long-text", "error"));
        all.put(
                "jina",
                Formats.of(
                        "jina",
                        "jina-embeddings-v3",
                        "input-type",
                        "document",
                        "dimensions",
                        "4",
                        "long-text",
                        "truncate"));
        all.put("databricks", Formats.of("databricks", "databricks-gte-large-en"));
        all.put("cohere", Formats.of("cohere", "embed-v4.0"));
        all.put(
                "tei",
                Formats.of(
                        "tei",
                        "bge",
                        "long-text",
                        "error",
                        "prompt-name",
                        "query",
                        "normalize",
                        "false",
                        "dimensions",
                        "4"));
        all.put("hf-router", Formats.of("huggingface-api", "BAAI/bge-m3"));
        all.put("gemini", Formats.of("gemini", "gemini-embedding-001", "input-type", "document", "dimensions", "4"));
        all.put(
                "vertex",
                Formats.of(
                        "vertex",
                        "text-embedding-005",
                        "project",
                        "p-1",
                        "location",
                        "europe-west4",
                        "input-type",
                        "document",
                        "long-text",
                        "error",
                        "dimensions",
                        "4"));
        all.put("bedrock-titan", Formats.of("bedrock", "amazon.titan-embed-text-v2:0", "normalize", "false"));
        all.put("bedrock-cohere", Formats.of("bedrock", "cohere.embed-english-v3", "long-text", "error"));
        all.put(
                "bedrock-cohere-v4",
                Formats.of("bedrock", "us.cohere.embed-v4:0", "input-type", "query", "dimensions", "4"));
        all.put(
                "bedrock-nova",
                Formats.of(
                        "bedrock",
                        "amazon.nova-2-multimodal-embeddings-v1:0",
                        "input-type",
                        "query",
                        "dimensions",
                        "4",
                        "long-text",
                        "error"));
        all.put("cohere-images", Formats.of("cohere", "embed-v4.0", "input", "image", "dimensions", "256"));
        all.put("cohere-v3-images", Formats.of("cohere", "embed-english-v3.0", "input", "image"));
        all.put(
                "voyage-images",
                Formats.of("voyage", "voyage-multimodal-3.5", "input", "image", "input-type", "document"));
        all.put("jina-images", Formats.of("jina", "jina-clip-v2", "input", "image"));
        all.put(
                "vertex-images",
                Formats.of(
                        "vertex",
                        "multimodalembedding@001",
                        "input",
                        "image",
                        "project",
                        "p-1",
                        "location",
                        "europe-west4",
                        "dimensions",
                        "128"));
        all.put(
                "vertex-texts-for-images",
                Formats.of("vertex", "multimodalembedding@001", "project", "p-1", "location", "europe-west4"));
        all.put(
                "bedrock-titan-images",
                Formats.of("bedrock", "amazon.titan-embed-image-v1", "input", "image", "dimensions", "256"));
        all.put(
                "bedrock-titan-texts-for-images",
                Formats.of("bedrock", "amazon.titan-embed-image-v1", "dimensions", "256"));
        all.put("ollama", Formats.of("ollama", "all-minilm", "long-text", "error"));
        all.put(
                "http",
                Formats.of(
                        "http",
                        "in-house",
                        "request",
                        "{\"task\": \"embed\", \"docs\": [{\"body\": \"{text}\", \"lang\": \"en\"}]}",
                        "vectors",
                        "result.items[*].v",
                        "indices",
                        "result.items[*].n",
                        "usage",
                        "$.result.cost",
                        "texts-per-call",
                        "8"));
        return all;
    }

    /** A file of a folder. */
    public static byte[] bytes(String folder, String file) {
        try (InputStream in = Goldens.class.getResourceAsStream("/golden/providers/" + folder + "/" + file)) {
            return Objects.requireNonNull(in, folder + "/" + file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of a folder, as JSON. */
    public static JsonNode json(String folder, String file) {
        return parse(bytes(folder, file));
    }

    /** The lines of a file of a folder, each JSON. */
    public static Stream<JsonNode> lines(String folder, String file) {
        return new String(bytes(folder, file), StandardCharsets.UTF_8)
                .lines()
                .map(line -> parse(line.getBytes(StandardCharsets.UTF_8)));
    }

    /** JSON of bytes. */
    public static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reply with headers from an object; a body that is a text stands for itself. */
    public static Reply reply(int status, JsonNode headers, JsonNode body) {
        String text = body.isTextual() ? body.asText() : body.toString();
        Map<String, List<String>> all = new HashMap<>();
        headers.properties()
                .forEach(header ->
                        all.put(header.getKey(), List.of(header.getValue().asText())));
        return new Reply(status, all, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A successful reply. */
    public static Reply ok(String body) {
        return new Reply(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
