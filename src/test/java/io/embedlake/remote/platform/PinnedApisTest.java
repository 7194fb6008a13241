package io.embedlake.remote.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.remote.format.Budgets;
import io.embedlake.remote.format.Call;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platforms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What each API is sent for a set of models and options, to the byte, and the fingerprint that goes with it: columns that are stored
 * depend on both. A line that is meant to change is written anew with {@code -Dembedlake.update=true}.
 */
class PinnedApisTest {
    private static final Path FILE = Path.of("src/test/resources/golden/apis.txt");
    private static final String ENDPOINT = "https://host.example";
    private static final List<String> TYPES =
            List.of("document", "query", "similarity", "classification", "clustering");
    private static final List<String> LENGTHS = List.of("256", "300", "0");
    private static final List<String> LONG = List.of("truncate", "error", "split-mean");
    private static final List<String> FLAGS = List.of("true", "false");
    private static final List<String> QUERIES = List.of("query", "similarity");
    private static final List<String> MODES = List.of("stream", "batch");
    private static final List<String> ENCODINGS = List.of("base64", "float");

    private final List<String> lines = new ArrayList<>();

    @Test
    void requestsAndFingerprintsAreThoseOfStoredColumns() throws IOException {
        pin();
        String text = String.join("\n", lines) + "\n";
        if (Boolean.getBoolean("embedlake.update")) {
            Files.writeString(FILE, text);
        }
        assertEquals(Files.readString(FILE), text);
    }

    private void pin() {
        Map<String, List<String>> typed =
                Map.of("input-type", TYPES, "query-input-type", QUERIES, "dimensions", LENGTHS, "long-text", LONG);
        Map<String, List<String>> plain = Map.of("dimensions", LENGTHS, "long-text", LONG);
        Map<String, List<String>> hosted = Map.of(
                "dimensions", LENGTHS, "long-text", LONG, "encoding", ENCODINGS, "user", List.of("lake", "two\nlines"));
        pin("openai", List.of("text-embedding-3-small", "text-embedding-ada-002"), hosted);
        pin("azure-openai", List.of("a/b c?d*é~"), with(hosted, "api-version", List.of("2024-10-21", "latest")));
        pin("openai-compatible", List.of("m", "ada-002"), with(plain, "encoding", ENCODINGS));
        pin("cohere", List.of("embed-v4.0", "embed-english-v3.0"), with(typed, "max-tokens", List.of("512", "0")));
        pin("voyage", List.of("voyage-3.5", "voyage-4", "voyage-4-lite", "voyage-law-2", "voyage-3-large"), typed);
        pin("gemini", List.of("gemini-embedding-001", "gemini-embedding-2", "models/x"), typed);
        pin(
                "vertex",
                List.of("gemini-embedding-001", "text-embedding-005", "gemini-embedding-2"),
                with(
                        with(typed, "project", List.of("p 1", "a/b")),
                        "location",
                        List.of("europe-west4", "global", "A")));
        pin("mistral", List.of("mistral-embed"), plain);
        pin("jina", List.of("jina-embeddings-v3", "jina-embeddings-v4"), with(typed, "normalize", FLAGS));
        pin(
                "bedrock",
                List.of(
                        "amazon.titan-embed-text-v1",
                        "amazon.titan-embed-text-v2:0",
                        "cohere.embed-english-v3",
                        "us.cohere.embed-v4:0",
                        "amazon.nova-2-multimodal-embeddings-v1:0"),
                with(with(typed, "normalize", FLAGS), "location", List.of("eu-central-1", "x")));
        pinImages();
        pin("databricks", List.of("databricks-gte-large-en", "my bge"), Map.of("long-text", LONG));
        pin("ollama", List.of("all-minilm"), plain);
        Map<String, List<String>> hub =
                with(with(plain, "normalize", FLAGS), "prompt-name", List.of("query", "two\nlines"));
        pin("huggingface-api", List.of("BAAI/bge m3"), hub);
        pin("tei", List.of("bge"), with(hub, "granularity", List.of("token", "text")));
        pin(
                "http",
                List.of("m"),
                Map.of(
                        "request",
                        List.of(
                                "{\"model\": \"{model}\", \"input\": \"{texts}\", \"e\": {}, \"n\": null, \"k\": \"{x}\"}",
                                "{\"d\": [1, {\"t\": [\"{text}\"]}]}",
                                "{\"t\": \"{text}\"}",
                                "{}",
                                "no"),
                        "query-request",
                        List.of("{\"query\": \"{texts}\"}"),
                        "vectors",
                        List.of("data[*].e", "a..b"),
                        "indices",
                        List.of("data[*].i", ""),
                        "usage",
                        List.of("u", "["),
                        "texts-per-call",
                        List.of("1", "8")));
    }

    /** Both kinds of inputs of models that take both; an option of texts alone is refused with images. */
    private void pinImages() {
        Map<String, List<String>> typed = Map.of(
                InputKind.KEY,
                List.of("image", "text"),
                "input-type",
                List.of("document", "similarity"),
                "dimensions",
                List.of("256"),
                "long-text",
                List.of("error"));
        pin("cohere", List.of("embed-v4.0", "embed-english-v3.0", "embed-v9"), typed);
        pin(
                "voyage",
                List.of("voyage-multimodal-3", "voyage-multimodal-3.5", "voyage-3.5"),
                with(typed, "mode", MODES));
        pin("jina", List.of("jina-clip-v1", "jina-clip-v2", "jina-embeddings-v4"), with(typed, "normalize", FLAGS));
        pin(
                "vertex",
                List.of("multimodalembedding@001", "text-embedding-005"),
                with(with(typed, "project", List.of("p 1")), "location", List.of("europe-west4")));
        pin(
                "bedrock",
                List.of(
                        "amazon.titan-embed-image-v1",
                        "us.cohere.embed-v4:0",
                        "cohere.embed-english-v3",
                        "amazon.nova-2-multimodal-embeddings-v1:0"),
                with(typed, "location", List.of("eu-central-1")));
        pin("mistral", List.of("mistral-embed"), Map.of(InputKind.KEY, List.of("image", "sound")));
    }

    private static Map<String, List<String>> with(Map<String, List<String>> options, String key, List<String> values) {
        Map<String, List<String>> more = new TreeMap<>(options);
        more.put(key, values);
        return more;
    }

    private void pin(String name, List<String> models, Map<String, List<String>> values) {
        ProviderPlatform platform = (ProviderPlatform) Platforms.named(name);
        lines.add("# " + name + " " + platform.options() + " "
                + platform.declares().stream().map(option -> option.name()).toList()
                + (platform.isSelfHosted() ? " self-hosted" : "") + " "
                + platform.api().inFlight() + " "
                + platform.api().tokens().getClass().getSimpleName()
                + " " + platform.api().longTexts()
                + platform.api()
                        .batches()
                        .map(offer -> " batches " + offer.priceShare() + " " + offer.window())
                        .orElse(""));
        for (String model : models) {
            for (Map<String, String> options : few(values)) {
                lines.add(name + " " + model.replace("\n", "\\n") + " "
                        + options.toString().replace("\n", "\\n"));
                lines.addAll(said(platform, model, options));
            }
        }
    }

    /** None, the first of each, the second of each, and each alone beside the first ones of the keys that a platform needs. */
    private static List<Map<String, String>> few(Map<String, List<String>> values) {
        Map<String, List<String>> sorted = new TreeMap<>(values);
        Map<String, String> needed = new TreeMap<>();
        List.of("project", "location", "request", "vectors", InputKind.KEY).forEach(key -> {
            if (sorted.containsKey(key)) {
                needed.put(key, sorted.get(key).get(0));
            }
        });
        Map<String, String> first = new TreeMap<>();
        Map<String, String> second = new TreeMap<>();
        sorted.forEach((key, list) -> {
            first.put(key, list.get(0));
            second.put(key, list.get(Math.min(1, list.size() - 1)));
        });
        List<Map<String, String>> few = new ArrayList<>(List.of(Map.of(), needed, first, second));
        sorted.forEach((key, list) -> list.forEach(value -> {
            Map<String, String> one = new TreeMap<>(needed);
            one.put(key, value);
            few.add(one);
        }));
        return few.stream().distinct().toList();
    }

    private static List<String> said(ProviderPlatform platform, String model, Map<String, String> options) {
        List<String> said = new ArrayList<>();
        try {
            ModelFormat format = platform.calls(new ApiOptions(model, options));
            said.addAll(said(format));
            said.add("  " + new TreeMap<>(format.vectorOptions()));
            Budgets budgets = format.budgets();
            said.add("  " + budgets.texts() + " texts of " + budgets.textTokens() + ", " + budgets.callTokens()
                    + " tokens, " + budgets.bodyBytes() + " bytes");
            platform.placeCalls(new ApiOptions(model, options)).ifPresent(places -> said.addAll(said(places)));
        } catch (EmbedlakeException | IllegalArgumentException e) {
            return List.of("  " + e.getMessage());
        }
        try {
            said.add("  " + platform.endpoint(new EmbedderRequest(Optional.of(model), options)));
        } catch (EmbedlakeException e) {
            said.add("  " + e.getMessage());
        }
        said.addAll(queries(platform, model, options));
        return said.stream().distinct().toList();
    }

    private static List<String> said(ModelFormat format) {
        Call call = format.call(format.budgets().texts() > 1 ? List.of("a", "b\n") : List.of("a"));
        return List.of(
                "  " + call.path() + " " + call.headers() + " " + new String(call.body(), StandardCharsets.UTF_8));
    }

    private static List<String> queries(ProviderPlatform platform, String model, Map<String, String> options) {
        Map<String, String> placed = new LinkedHashMap<>(options);
        if (!platform.name().equals("tei")) {
            placed.put("endpoint", ENDPOINT);
        } else {
            placed.put("endpoint", "http://127.0.0.1:1");
        }
        EmbedderRequest request = new EmbedderRequest(Optional.of(model), placed);
        try {
            EmbedderSpec column = platform.describe(request);
            List<String> said = new ArrayList<>();
            said.add("  " + column.granularity() + " " + column.settings().getOrDefault("api-key", ""));
            said.add(said(platform.calls(ApiOptions.of(platform.forQueries(request, column))))
                    .get(0));
            if (options.containsKey(InputKind.KEY)) {
                InputKind other = column.inputs() == InputKind.IMAGE ? InputKind.TEXT : InputKind.IMAGE;
                EmbedderSpec query = platform.forQueries(request, column, other);
                said.add("  " + query.inputs() + " for a column of " + column.inputs() + "s");
                said.add(said(platform.calls(ApiOptions.of(query))).get(0));
            }
            return said;
        } catch (EmbedlakeException | IllegalArgumentException e) {
            return List.of("  " + e.getMessage());
        }
    }
}
