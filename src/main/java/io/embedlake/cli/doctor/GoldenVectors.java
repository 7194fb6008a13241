package io.embedlake.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.pipeline.Probe;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Vectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Compares vectors of the embedded model with vectors that sentence-transformers made of the same texts, each text alone and
 * all of them in one batch. Stateless.
 */
final class GoldenVectors {
    private static final String RESOURCE = "/io/embedlake/cli/golden-all-minilm-l6-v2.jsonl";
    private static final double LEAST_COSINE = 0.9999;
    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenVectors() {}

    private record Golden(String text, float[] vector) {}

    static Finding look() throws IOException {
        Platform platform = Platforms.named("huggingface");
        EmbedderSpec spec;
        try {
            spec = platform.describe(
                    new EmbedderRequest(Optional.of(ModelLocator.defaultModel()), Map.of("precision", "fp32")));
        } catch (EmbedlakeException e) {
            return Finding.warning("not checked: the embedded model is not at hand. " + e.getMessage());
        }
        List<Golden> golden = read();
        double alone = 1;
        double together = 1;
        try (Embedder embedder = platform.load(spec, Device.CPU)) {
            List<float[]> batch = Probe.embed(
                    embedder, golden.stream().map(Golden::text).map(Input::of).toList());
            for (int i = 0; i < golden.size(); i++) {
                Golden expected = golden.get(i);
                float[] single = Probe.embed(embedder, List.of(Input.of(expected.text())))
                        .get(0);
                alone = Math.min(alone, Vectors.cosine(expected.vector(), single));
                together = Math.min(together, Vectors.cosine(expected.vector(), batch.get(i)));
            }
        }
        String found = String.format(
                Locale.ROOT,
                "%d texts of %s, cosine at least %.6f alone and %.6f in a mixed batch",
                golden.size(),
                ModelLocator.defaultModel(),
                alone,
                together);
        return Math.min(alone, together) >= LEAST_COSINE
                ? Finding.ok(found)
                : Finding.failed(
                        ErrorKind.PROTOCOL,
                        found + " (at least " + LEAST_COSINE + "). Vectors of this machine cannot be trusted: run"
                                + " embedlake models verify, and try another version of Java or another machine.");
    }

    private static List<Golden> read() throws IOException {
        List<Golden> golden = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(GoldenVectors.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                ByteBuffer bytes = ByteBuffer.wrap(
                                Base64.getDecoder().decode(row.get("vector").asText()))
                        .order(ByteOrder.LITTLE_ENDIAN);
                float[] vector = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(vector);
                golden.add(new Golden(row.get("text").asText(), vector));
            }
        }
        return golden;
    }
}
