package io.embedlake.remote.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.remote.format.bedrock.BedrockCohereFormat;
import io.embedlake.remote.format.bedrock.NovaFormat;
import io.embedlake.remote.format.bedrock.TitanFormat;
import io.embedlake.remote.format.cohere.CohereFormat;
import io.embedlake.remote.format.cohere.InputType;
import io.embedlake.remote.format.cohere.Truncate;
import io.embedlake.remote.format.common.Encoding;
import io.embedlake.remote.format.common.Switch;
import io.embedlake.remote.format.google.GeminiFormat;
import io.embedlake.remote.format.google.TaskType;
import io.embedlake.remote.format.google.VertexFormat;
import io.embedlake.remote.format.http.TemplateFormat;
import io.embedlake.remote.format.huggingface.RouterFormat;
import io.embedlake.remote.format.huggingface.TeiFormat;
import io.embedlake.remote.format.ollama.OllamaFormat;
import io.embedlake.remote.format.openai.DatabricksFormat;
import io.embedlake.remote.format.openai.JinaFormat;
import io.embedlake.remote.format.openai.MistralFormat;
import io.embedlake.remote.format.openai.OpenAiFormat;
import io.embedlake.remote.format.openai.OpenAiFormat.Server;
import io.embedlake.remote.format.openai.VllmFormat;
import io.embedlake.remote.format.openai.VoyageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files below golden/providers, and a format for each of their folders. Stateless. */
public final class Goldens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final OptionalInt FOUR = OptionalInt.of(4);

    private Goldens() {}

    /** By folder. */
    public static Map<String, ModelFormat> formats() {
        Map<String, ModelFormat> all = new TreeMap<>();
        all.put(
                "openai",
                OpenAiFormat.of(
                        Server.OPENAI,
                        new OpenAiFormat.Settings(
                                "text-embedding-3-small", FOUR, Optional.empty(), Optional.of("lake"))));
        all.put("azure", OpenAiFormat.of(Server.AZURE, OpenAiFormat.Settings.of("my-deployment")));
        all.put(
                "azure-classic",
                OpenAiFormat.ofDeployment(
                        "my-deployment", "2024-10-21", OpenAiFormat.Settings.of("text-embedding-3-small")));
        all.put("llama-cpp", OpenAiFormat.of(Server.LLAMA_CPP, OpenAiFormat.Settings.of("nomic")));
        all.put("gateway", OpenAiFormat.of(Server.COMPATIBLE, OpenAiFormat.Settings.of("m")));
        all.put(
                "vllm",
                VllmFormat.of(new VllmFormat.Settings(
                        "BAAI/bge-m3", NONE, OptionalInt.of(-1), Switch.DEFAULT, Encoding.FLOAT)));
        all.put("mistral", MistralFormat.of(new MistralFormat.Settings("codestral-embed-2505", FOUR, Encoding.FLOAT)));
        all.put(
                "voyage",
                VoyageFormat.of(new VoyageFormat.Settings(
                        "voyage-3.5",
                        Optional.of(VoyageFormat.InputType.DOCUMENT),
                        Switch.OFF,
                        NONE,
                        Encoding.BASE64)));
        all.put(
                "jina",
                JinaFormat.of(new JinaFormat.Settings(
                        "jina-embeddings-v3",
                        Optional.of("retrieval.passage"),
                        FOUR,
                        Switch.ON,
                        Switch.DEFAULT,
                        Encoding.FLOAT)));
        all.put(
                "databricks",
                DatabricksFormat.of(
                        new DatabricksFormat.Settings("databricks-gte-large-en", Optional.of("Represent"))));
        all.put(
                "cohere",
                CohereFormat.of(new CohereFormat.Settings(
                        "embed-v4.0", InputType.SEARCH_DOCUMENT, Truncate.END, NONE, NONE, Encoding.FLOAT)));
        all.put(
                "tei",
                TeiFormat.of(
                        new TeiFormat.Settings(
                                "bge", Switch.OFF, TeiFormat.Direction.LEFT, Optional.of("query"), Switch.OFF, FOUR),
                        TeiFormat.BUDGETS));
        all.put("hf-router", RouterFormat.of(TeiFormat.Settings.of("BAAI/bge-m3")));
        all.put(
                "gemini",
                GeminiFormat.of(new GeminiFormat.Settings(
                        "gemini-embedding-001", Optional.of(TaskType.RETRIEVAL_DOCUMENT), FOUR)));
        all.put(
                "vertex",
                VertexFormat.of(new VertexFormat.Settings(
                        "p-1",
                        "europe-west4",
                        "text-embedding-005",
                        Optional.of(TaskType.RETRIEVAL_DOCUMENT),
                        Switch.OFF,
                        FOUR)));
        all.put(
                "bedrock-titan",
                TitanFormat.of(new TitanFormat.Settings("amazon.titan-embed-text-v2:0", NONE, Switch.OFF)));
        all.put(
                "bedrock-cohere",
                BedrockCohereFormat.of(new BedrockCohereFormat.Settings(
                        "cohere.embed-english-v3", InputType.SEARCH_DOCUMENT, Truncate.NONE, NONE, NONE)));
        all.put(
                "bedrock-cohere-v4",
                BedrockCohereFormat.of(new BedrockCohereFormat.Settings(
                        "us.cohere.embed-v4:0", InputType.SEARCH_QUERY, Truncate.END, FOUR, OptionalInt.of(512))));
        all.put(
                "bedrock-nova",
                NovaFormat.of(new NovaFormat.Settings(
                        "amazon.nova-2-multimodal-embeddings-v1:0", "GENERIC_RETRIEVAL", 4, Truncate.NONE)));
        all.put(
                "ollama",
                OllamaFormat.of(new OllamaFormat.Settings(
                        "all-minilm", Switch.OFF, NONE, OptionalInt.of(512), Optional.of("5m"))));
        all.put(
                "http",
                TemplateFormat.of(new TemplateFormat.Settings(
                        "in-house",
                        "/vectors",
                        "{\"task\": \"embed\", \"docs\": [{\"body\": \"{text}\", \"lang\": \"en\"}]}",
                        "result.items[*].v",
                        Optional.of("result.items[*].n"),
                        Optional.of("$.result.cost"),
                        new Budgets(8, 512, 4096, 100_000))));
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
