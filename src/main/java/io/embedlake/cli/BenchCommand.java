package io.embedlake.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.cli.bench.Bench;
import io.embedlake.cli.bench.BenchExport;
import io.embedlake.cli.bench.ImageFiles;
import io.embedlake.config.BatchTokens;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake bench}: how fast this machine embeds, and how exact. Starts no Spark. */
@Command(
        name = "bench",
        description = "Measures how fast this machine embeds texts or images with a model, without Spark.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEFAULT_TEXTS = Path.of("conf", "quickstart", "definitions.jsonl");
    private static final List<String> TEXT_FIELDS = List.of("text", "definition");

    private static final Map<String, Device> DEVICES = Map.of("cpu", Device.CPU, "gpu", new Device(0));

    private final Terminal terminal;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            description = "A file of JSON lines with a field text (default: the quickstart's definitions).")
    private Optional<Path> texts = Optional.empty();

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description = "A folder of image files, to measure a model of images instead.")
    private Optional<Path> images = Optional.empty();

    @Option(names = "--model", description = "A model's name or directory (default: the embedded model of texts).")
    private Optional<String> model = Optional.empty();

    @Option(names = "--precision", description = "auto, fp32, bf16 or fp16 (default: ${DEFAULT-VALUE}).")
    private String precision = "auto";

    @Option(names = "--rows", description = "The first so many texts or images (default: all).")
    private Optional<Integer> rows = Optional.empty();

    @Option(
            names = "--threads",
            description = "How many inputs are embedded side by side (default: the processor's cores).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--batch-tokens",
            description = "The padded tokens or patches of a batch, or auto (default: ${DEFAULT-VALUE}).")
    private String batchTokens = "512";

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "Write the model and the texts to a file for benchmark/gpu.py, which measures them with PyTorch on another"
                            + " machine, and measure nothing here.")
    private Optional<Path> export = Optional.empty();

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Where an exported model will compute: cpu or gpu (default: ${DEFAULT-VALUE}).")
    private String device = "gpu";

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (threads < 1 || rows.orElse(1) < 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot measure: --threads and --rows are whole numbers from 1 on. Correct them.");
        }
        Map<String, String> options = new TreeMap<>(Map.of("precision", precision));
        if (images.isPresent()) {
            options.put(InputKind.KEY, InputKind.IMAGE.toString());
        }
        if (export.isPresent()) {
            export(export.get());
        } else {
            print(new Bench(inputs(), threads, batchSize()).measure(model, options));
        }
        return ExitCode.DONE.number();
    }

    private void export(Path file) {
        if (images.isPresent() || !DEVICES.containsKey(device)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    images.isPresent()
                            ? "Cannot export: --images is given (models of texts are exported). Leave it out."
                            : "Cannot export: --device is " + device + " (cpu or gpu). Correct it.");
        }
        new BenchExport(inputs(), DEVICES.get(device)).write(model, precision, file);
        terminal.err().println(file + " is written: copy it and benchmark/gpu.py to a machine with PyTorch.");
    }

    private List<Input> inputs() {
        if (images.isEmpty()) {
            return read(texts.orElse(DEFAULT_TEXTS)).stream().map(Input::of).toList();
        }
        if (texts.isPresent() || model.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    texts.isPresent()
                            ? "Cannot measure: --texts and --images are given (one of them is measured). Leave one out."
                            : "Cannot measure images: --model is not given (the embedded model takes texts). Name a model of"
                                    + " images.");
        }
        List<Input> files = ImageFiles.in(images.get(), rows.orElse(Integer.MAX_VALUE));
        if (files.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot measure with the images in " + images.get()
                            + " (no file's name ends like that of an image). Set --images to another folder.");
        }
        return files;
    }

    private BatchTokens batchSize() {
        try {
            return BatchTokens.parse(batchTokens);
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot measure: --batch-tokens is " + batchTokens
                            + " (a whole number from 1 on, or auto). Correct it.",
                    e);
        }
    }

    private void print(Map<String, Object> figures) {
        if (output.json()) {
            terminal.out().print(JsonText.of(figures) + "\n");
            return;
        }
        TextTable table = new TextTable();
        figures.forEach((name, value) -> {
            for (Object line : value instanceof List<?> lines ? lines : List.of(value)) {
                table.row(
                        name,
                        String.format(
                                Locale.ROOT, line instanceof Long || line instanceof Integer ? "%,d" : "%s", line));
            }
        });
        terminal.out().print(table);
    }

    private List<String> read(Path file) {
        List<String> read = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine();
                    line != null && read.size() < rows.orElse(Integer.MAX_VALUE);
                    line = lines.readLine()) {
                JsonNode json = JSON.readTree(line);
                TEXT_FIELDS.stream()
                        .map(json::path)
                        .filter(JsonNode::isTextual)
                        .findFirst()
                        .map(JsonNode::asText)
                        .filter(text -> !text.isBlank())
                        .ifPresent(read::add);
            }
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the texts " + file
                            + " (it is not there, or no file of JSON lines). Set --texts to one with a"
                            + " field text in each line.",
                    e);
        }
        if (read.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot measure with the texts " + file
                            + " (no line has a field text that is not blank). Set --texts to" + " another file.");
        }
        return read;
    }
}
