package io.embedlake.local;

import io.embedlake.image.ImageLimits;
import io.embedlake.image.ImageProcessor;
import io.embedlake.image.ImageSize;
import io.embedlake.local.family.Families;
import io.embedlake.local.family.ImageNetwork;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.PixelFormat;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is done with an image before a network sees it: by the model's folder, else by what its family is published with. Stateless. */
final class ImageSettings {
    static final String PROCESSOR = "image-processor-sha256";

    /** What changes no vector, only which images are refused. */
    static final Set<String> LIMITS = Set.of(ImageLimits.MAX_BYTES, ImageLimits.MAX_PIXELS);

    /** The options that speak of texts. */
    static final List<String> OF_TEXTS = List.of(
            VectorSettings.MAX_TOKENS,
            VectorSettings.PROMPT,
            VectorSettings.PROMPT_NAME,
            VectorSettings.MERGE_WORDS,
            LongText.RULE,
            LongText.OVERLAP);

    private ImageSettings() {}

    /**
     * The settings of a request for images, by name.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the request has an option for texts, or the processor and the
     *     network do not fit together
     */
    static Map<String, String> of(EmbedderRequest request, ModelFiles files) {
        for (String option : OF_TEXTS) {
            if (request.option(option).isPresent()) {
                throw refuse(files, "its inputs are images, and " + option + " is for texts", "Remove the key");
            }
        }
        Map<String, String> settings = new TreeMap<>();
        settings.put(InputKind.KEY, InputKind.IMAGE.toString());
        ImageProcessor processor = processor(files);
        settings.put(PROCESSOR, hash(processor));
        LIMITS.forEach(limit -> request.option(limit).ifPresent(value -> settings.put(limit, value)));
        if (files.form() == ModelFiles.Form.CHECKPOINT) {
            requireFit(files, network(files), processor.size().map(ImageSettings::size));
        }
        return settings;
    }

    /** What was assumed, in sentences. */
    static List<String> notes(ModelFiles files) {
        List<String> notes = new ArrayList<>();
        if (files.processor().isEmpty()) {
            notes.add("The model has no preprocessor_config.json: images are prepared as its family is published with, "
                    + processor(files).settings() + ".");
        }
        return notes;
    }

    /** The network for images that a checkpoint's config describes. */
    static ImageNetwork network(ModelFiles files) {
        return Families.ofImages(config(files).orElseThrow());
    }

    private static Optional<NetworkConfig> config(ModelFiles files) {
        return files.config().map(json -> NetworkConfig.of(files.place(), json));
    }

    /**
     * The processor of a model.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when its file is missing or asks for what is not built
     */
    static ImageProcessor processor(ModelFiles files) {
        String type = config(files).map(config -> config.word("", "model_type")).orElse("");
        return files.processor()
                .map(json -> ImageProcessor.of(files.label(), json, type))
                .or(() -> files.form() == ModelFiles.Form.CHECKPOINT
                        ? ImageProcessor.assumed(
                                files.label(), type, network(files).image().height())
                        : Optional.empty())
                .orElseThrow(() -> refuse(
                        files,
                        "it has no preprocessor_config.json, which says how images are prepared",
                        "Add the file or change the key model"));
    }

    /** The hash of all that a processor does. */
    static String hash(ImageProcessor processor) {
        return Sha256.hex(processor.settings().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static PixelFormat.Size size(ImageSize size) {
        return new PixelFormat.Size(size.height(), size.width());
    }

    private static void requireFit(ModelFiles files, ImageNetwork network, Optional<PixelFormat.Size> size) {
        boolean fits = network.takesOtherSizes()
                ? size.map(network::positions)
                        .map(all -> all > network.before())
                        .orElse(true)
                : size.equals(Optional.of(network.image()));
        if (!fits) {
            throw refuse(
                    files,
                    "its image processor makes images of "
                            + size.map(PixelFormat.Size::toString).orElse("different sizes")
                            + ", and its network takes those of " + network.image(),
                    "Get the model's files again, all of one revision, or change the key model");
        }
    }

    static EmbedlakeException refuse(ModelFiles files, String why, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot use the model " + files.label() + ": " + why + ". " + change + ".");
    }
}
