package io.embedlake.cli.bench;

import io.embedlake.local.HuggingFacePlatform;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a model and texts to a file, to be measured where there is no JVM. Immutable.
 *
 * @param texts what is embedded there
 * @param device where the network will compute
 */
public record BenchExport(List<Input> texts, Device device) {
    /** Enough for a least cosine. */
    private static final int CHECKED = 200;

    public BenchExport {
        texts = List.copyOf(texts);
    }

    /**
     * Writes the file.
     *
     * @param model the model; the embedded one when there is none
     * @param precision what the network will compute with; auto is fp16 on a GPU
     */
    public void write(Optional<String> model, String precision, Path file) {
        HuggingFacePlatform platform = new HuggingFacePlatform();
        String taken = precision.equals("auto") ? (device.isGpu() ? "fp16" : "fp32") : precision;
        EmbedderSpec spec = platform.describe(new EmbedderRequest(model, Map.of("precision", taken)));
        platform.export(spec, device, texts, CHECKED, file);
    }
}
