package io.embedlake.spark;

import io.embedlake.embed.EmbedderSpec;
import io.embedlake.encoder.HuggingFacePlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;

/**
 * Brings a model's directory from the driver to executors that do not see it, through Spark's own file distribution.
 * Stateless.
 */
final class ShippedModel {
    private ShippedModel() {}

    /** Offers the model to executors on other machines; does nothing for a local master or a model without a directory. */
    static void offer(SparkContext context, EmbedderSpec spec) {
        String model = spec.settings().getOrDefault(HuggingFacePlatform.MODEL, "");
        if (!context.isLocal() && !model.isEmpty() && Files.isDirectory(Path.of(model))) {
            context.addFile(Path.of(model).toAbsolutePath().normalize().toString(), true);
        }
    }

    /** The spec with the model where this machine has it. */
    static EmbedderSpec localise(EmbedderSpec spec) {
        String model = spec.settings().getOrDefault(HuggingFacePlatform.MODEL, "");
        if (model.isEmpty() || Files.isDirectory(Path.of(model))) {
            return spec;
        }
        Path shipped = Path.of(SparkFiles.get(Path.of(model).getFileName().toString()));
        if (!Files.isDirectory(shipped)) {
            return spec;
        }
        Map<String, String> settings = new TreeMap<>(spec.settings());
        settings.put(HuggingFacePlatform.MODEL, shipped.toString());
        return new EmbedderSpec(spec.platform(), spec.label(), spec.fingerprint(), settings);
    }
}
