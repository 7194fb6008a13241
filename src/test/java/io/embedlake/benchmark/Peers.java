package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.cli.bench.Bench;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.local.weights.Weights;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs comparators on the same texts and the same model: ONNX Runtime in this process, sentence-transformers and the machine's limit for
 * products of matrices in Python. Immutable.
 *
 * @param python the command of a Python with sentence-transformers and torch
 * @param scripts the folder with the comparators' scripts
 * @param work a folder for what they read
 */
record Peers(String python, Path scripts, Path work) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The same model as an ONNX network in ONNX Runtime, through the same pipeline; nothing when the model has no such file. */
    Optional<Map<String, Object>> onnxRuntime(Bench bench, ModelFiles files) {
        Optional<Path> network = Stream.of(
                        files.weights(),
                        Path.of(files.place()).resolve("onnx/model.onnx"),
                        Path.of(files.place()).resolve("model.onnx"))
                .filter(file -> file.toString().endsWith(".onnx") && Files.isRegularFile(file))
                .findFirst();
        if (network.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path folder = Files.createDirectories(work.resolve("onnx"));
            link(network.get(), folder.resolve("model.onnx"));
            link(files.tokenizer(), folder.resolve("tokenizer.json"));
            return Optional.of(bench.measure(
                    Optional.of(folder.toString()),
                    Map.of(
                            "precision",
                            "fp32",
                            "normalize",
                            "true",
                            "max-tokens",
                            String.valueOf(files.settings().maxTokens().orElse(512)),
                            "pooling",
                            files.settings().pooling().orElse("mean"))));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** sentence-transformers with its default settings. */
    Map<String, Object> sentenceTransformers(List<String> texts, ModelFiles files) {
        try {
            Path lines = work.resolve("texts.jsonl");
            Files.createDirectories(work);
            List<String> json = new ArrayList<>();
            for (String text : texts) {
                json.add(JSON.writeValueAsString(Map.of("text", text)));
            }
            Files.write(lines, json);
            String model = files.place();
            if (files.weights().toString().endsWith(".onnx")) {
                model = work.resolve("checkpoint").toString();
                run(
                        "checkpoint_from_onnx.py",
                        files.weights().toString(),
                        files.tokenizer().toString(),
                        model);
            }
            return figures(run("encode_sentence_transformers.py", model, lines.toString())
                    .get(0));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** transformers with its default image processor. */
    Map<String, Object> transformersOnImages(Path model, Path images, String type) {
        return figures(run("encode_images.py", model.toString(), images.toString(), "--dtype", type)
                .get(0));
    }

    /** Makes a ViT-base with random weights, and pictures. */
    void vitBase(Path model, Path images, int count) {
        run("vit_base.py", model.toString(), images.toString(), String.valueOf(count));
    }

    /** The limit of this machine for products of matrices, in GFLOP/s by type of number: the best of the shapes that are tried. */
    Map<String, Double> matrixLimits() {
        Map<String, Double> limits = new LinkedHashMap<>();
        for (JsonNode line : run("matmul_limit.py")) {
            limits.merge(
                    line.path("dtype").asText().replace("torch.", ""),
                    line.path("gflops").asDouble(),
                    Math::max);
        }
        return limits;
    }

    /** The useful work of the linear layers of a network, in floating-point operations a token. */
    static double operationsPerToken(ModelFiles files) {
        Weights weights = files.open();
        return weights.names().stream()
                .filter(name -> name.matches(".*layers?\\.\\d+\\..*weight"))
                .map(weights::tensor)
                .filter(tensor -> tensor.shape().length == 2)
                .mapToDouble(tensor -> 2.0 * tensor.elements())
                .sum();
    }

    /** The model as a job would find it. */
    static ModelFiles files(Map<String, String> environment, Optional<String> model) {
        return ModelLocator.of(environment).locate(model.orElse(ModelLocator.defaultModel()));
    }

    private List<JsonNode> run(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(python, scripts.resolve(script).toString()));
        command.addAll(List.of(arguments));
        try {
            Path log = Files.createDirectories(work).resolve(script + ".log");
            Process process =
                    new ProcessBuilder(command).redirectError(log.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot run the comparator " + script + " with " + python + " (what it said is in " + log
                                + "). Set PYTHON to a Python with sentence-transformers, torch and onnx.");
            }
            List<JsonNode> lines = new ArrayList<>();
            for (String line :
                    output.lines().filter(text -> text.startsWith("{")).toList()) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot run the comparator " + script + " with " + python
                            + " (there is no such command). Set PYTHON to a"
                            + " Python with sentence-transformers, torch and onnx.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(ErrorKind.TRANSIENT, "Cannot finish: interrupted. Start it again.", e);
        }
    }

    private static Map<String, Object> figures(JsonNode line) {
        return JSON.convertValue(
                line, new com.fasterxml.jackson.core.type.TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static void link(Path target, Path link) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target.toAbsolutePath());
    }

    private EmbedlakeException unwritable(IOException cause) {
        return new EmbedlakeException(
                ErrorKind.STORAGE,
                "Cannot write what the comparators read into " + work + " (" + cause.getMessage()
                        + "). Make room there, or give write access.",
                cause);
    }
}
