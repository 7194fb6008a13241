package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.cli.bench.Bench;
import io.embedlake.config.BatchTokens;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.spi.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bare pipeline, ONNX Runtime and sentence-transformers on the same texts, and the machine's limit for products of matrices.
 *
 * <p>Arguments: a file of JSON lines with a field {@code text} or {@code definition}, how many of them, a precision, and, where it is
 * not the embedded one, a model.
 */
final class PeersBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BATCH_TOKENS = "512";

    private PeersBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        List<String> texts = read(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Optional<String> model = arguments.length > 3 ? Optional.of(arguments[3]) : Optional.empty();
        Bench bench = new Bench(
                texts.stream().map(Input::of).toList(),
                Runtime.getRuntime().availableProcessors(),
                BatchTokens.parse(BATCH_TOKENS));
        Map<String, Object> figures = new LinkedHashMap<>(bench.measure(model, Map.of("precision", arguments[2])));
        compare(bench, texts, model, figures);
        System.out.println(JSON.writeValueAsString(figures));
    }

    private static void compare(Bench bench, List<String> texts, Optional<String> model, Map<String, Object> figures) {
        ModelFiles files = Peers.files(System.getenv(), model);
        Peers peers = new Peers(
                System.getenv().getOrDefault("PYTHON", "python3"),
                Path.of("benchmark"),
                Path.of("target", "benchmark", "peers"));
        double speed = number(figures, "tokens_per_s");
        peers.onnxRuntime(bench, files).ifPresent(onnx -> {
            figures.put("onnxruntime_tokens_per_s", onnx.get("tokens_per_s"));
            figures.put("against_onnxruntime", ratio(speed, number(onnx, "tokens_per_s")));
        });
        Map<String, Object> python = peers.sentenceTransformers(texts, files);
        figures.put("sentence_transformers_tokens_per_s", python.get("tokens_per_s"));
        figures.put("against_sentence_transformers", ratio(speed, number(python, "tokens_per_s")));
        Map<String, Double> limits = peers.matrixLimits();
        double work = speed * Peers.operationsPerToken(files) / 1e9;
        figures.put("gflops", Math.round(work));
        figures.put("matrix_limits_gflops", limits);
        Optional.ofNullable(limits.get(figures.get("precision").equals("fp32") ? "float32" : "bfloat16"))
                .ifPresent(limit -> figures.put("share_of_matrix_limit", ratio(work, limit)));
    }

    private static List<String> read(Path file, int most) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode json = JSON.readTree(line);
            String text = json.path("text").asText(json.path("definition").asText());
            if (!text.isBlank() && texts.size() < most) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static double number(Map<String, Object> figures, String name) {
        return ((Number) figures.get(name)).doubleValue();
    }

    private static double ratio(double one, double other) {
        return Math.round(100 * one / other) / 100.0;
    }
}
