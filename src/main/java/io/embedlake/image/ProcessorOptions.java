package io.embedlake.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of an image processor: those of a file, and for the others what its class has by default.
 *
 * @param label names the model in messages
 * @param values by the names that they have in the file
 */
record ProcessorOptions(String label, ObjectNode values) {
    private static final String SIZE = "size";
    private static final String CROP_SIZE = "crop_size";
    private static final String MEAN = "image_mean";
    private static final JsonNode KNOWN = known();

    /** Say nothing of the pixel values of a colour image, or are of no effect without an option that is refused. */
    private static final Set<String> IGNORED = Set.of(
            "_valid_processor_keys",
            "auto_map",
            "crop_pct",
            "data_format",
            "device",
            "disable_grouping",
            "do_convert_rgb",
            "do_reduce_labels",
            "feature_extractor_type",
            "image_processor_type",
            "image_seq_length",
            "image_std",
            "input_data_format",
            "pad_size",
            "processor_class",
            "reduce_labels",
            "return_tensors",
            "transformers_version",
            "use_fast");

    private static JsonNode known() {
        try (InputStream in = ProcessorOptions.class.getResourceAsStream("processors.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The options of a file.
     *
     * @param modelType of the model's configuration; decides where the file does not name its class, empty for unknown
     */
    static ProcessorOptions of(String label, JsonNode file, String modelType) {
        String name = className(label, file, modelType);
        JsonNode own = KNOWN.path("processors").path(name);
        if (own.isMissingNode()) {
            throw refused(
                    label,
                    name + "ImageProcessor in preprocessor_config.json",
                    "this image processor is not supported");
        }
        ObjectNode values = defaults(own);
        for (Map.Entry<String, JsonNode> option : file.properties()) {
            String key = option.getKey();
            JsonNode value = option.getValue();
            boolean isOff = value.isNull() || value.isBoolean() && !value.asBoolean();
            if (!isOff && !values.has(key) && !key.equals(CROP_SIZE) && !IGNORED.contains(key)) {
                throw refused(
                        label,
                        key + " in preprocessor_config.json",
                        "this option of an image processor is not supported");
            }
            if (!value.isNull()) {
                values.set(key, value);
            }
        }
        return new ProcessorOptions(label, values);
    }

    /** What checkpoints of this family are published with; empty for a family that is not known. */
    static Optional<ProcessorOptions> assumed(String label, String modelType, int imageSize) {
        JsonNode own = KNOWN.path("assumed").path(modelType);
        if (own.isMissingNode()) {
            return Optional.empty();
        }
        ObjectNode values = defaults(KNOWN.path("processors")
                .path(KNOWN.path("models").path(modelType).asText()));
        if (own.has(MEAN)) {
            values.setAll(
                    (ObjectNode) KNOWN.path("constants").path(own.path(MEAN).asText()));
        }
        if (own.has(SIZE)) {
            values.set(SIZE, own.get(SIZE));
        } else {
            boolean isCropped = values.path("do_center_crop").asBoolean();
            int usual = values.path(isCropped ? CROP_SIZE : SIZE).asInt(imageSize);
            boolean isSquare = values.path(SIZE).isObject();
            int size = values.path(SIZE).asInt(usual) * imageSize / usual;
            values.put(SIZE, size);
            if (isSquare) {
                values.put("default_to_square", true);
            }
            if (isCropped) {
                values.put(CROP_SIZE, imageSize);
            }
        }
        return Optional.of(new ProcessorOptions(label, values));
    }

    private static ObjectNode defaults(JsonNode own) {
        ObjectNode values = KNOWN.path("every").deepCopy();
        values.setAll((ObjectNode) own.deepCopy());
        values.setAll((ObjectNode)
                KNOWN.path("constants").path(own.path(MEAN).asText()).deepCopy());
        return values;
    }

    /** The class without the ending that says which generation of the library wrote the file. */
    private static String className(String label, JsonNode file, String modelType) {
        String name = file.path("image_processor_type")
                .asText(file.path("feature_extractor_type").asText(""));
        for (String ending : List.of("Fast", "Pil", "ImageProcessor", "FeatureExtractor")) {
            if (name.endsWith(ending)) {
                name = name.substring(0, name.length() - ending.length());
            }
        }
        if (!name.isEmpty()) {
            return name;
        }
        JsonNode ofModel = KNOWN.path("models").path(modelType);
        if (ofModel.isMissingNode()) {
            throw refused(
                    label,
                    "preprocessor_config.json",
                    "it names no image_processor_type, and none is known for the model_type '" + modelType + "'");
        }
        return ofModel.asText();
    }

    boolean isOn(String name) {
        return values.path(name).asBoolean(false);
    }

    String text(String name) {
        return values.path(name).asText();
    }

    double number(String name) {
        JsonNode value = values.path(name);
        if (!value.isNumber()) {
            throw invalid(name);
        }
        return value.asDouble();
    }

    int integer(String name) {
        JsonNode value = values.path(name);
        if (!value.isInt()) {
            throw invalid(name);
        }
        return value.asInt();
    }

    /** One number for each of the three colours; a single number counts for all. */
    float[] colours(String name) {
        JsonNode value = values.path(name);
        float[] colours = new float[Pixels.CHANNELS];
        for (int i = 0; i < colours.length; i++) {
            JsonNode colour = value.isArray() && value.size() == colours.length ? value.get(i) : value;
            if (!colour.isNumber()) {
                throw invalid(name);
            }
            colours[i] = (float) colour.asDouble();
        }
        return colours;
    }

    /** The size to crop to: one number is a square. */
    ImageSize crop() {
        JsonNode value = values.path(CROP_SIZE);
        if (value.isInt()) {
            return size(CROP_SIZE, value.asInt(), value.asInt());
        }
        if (value.isArray() && value.size() == 2) {
            return size(CROP_SIZE, value.get(1).asInt(), value.get(0).asInt());
        }
        if (value.path("shortest_edge").isInt() && value.size() == 1) {
            return size(
                    CROP_SIZE,
                    value.path("shortest_edge").asInt(),
                    value.path("shortest_edge").asInt());
        }
        return size(CROP_SIZE, value.path("width").asInt(), value.path("height").asInt());
    }

    /** The size to bring an image to: one number is a square, or for some classes the shortest edge. */
    Resize resize() {
        JsonNode value = values.path(SIZE);
        if (value.isInt()) {
            ImageSize square = size(SIZE, value.asInt(), value.asInt());
            return isOn("default_to_square") ? new Resize.To(square) : new Resize.ShortestEdge(value.asInt());
        }
        if (value.isArray() && value.size() == 2) {
            return new Resize.To(size(SIZE, value.get(1).asInt(), value.get(0).asInt()));
        }
        int shortest = value.path("shortest_edge").asInt();
        int longest = value.path("longest_edge").asInt();
        if (shortest > 0) {
            return longest > 0 ? new Resize.WithinEdges(shortest, longest) : new Resize.ShortestEdge(shortest);
        }
        if (longest > 0 || value.has("max_height") || value.has("max_pixels")) {
            throw refused(
                    label,
                    "size in preprocessor_config.json",
                    "of its forms, height with width and shortest_edge are supported");
        }
        return new Resize.To(
                size(SIZE, value.path("width").asInt(), value.path("height").asInt()));
    }

    private ImageSize size(String name, int width, int height) {
        if (width < 1 || height < 1 || width > Resize.LONGEST || height > Resize.LONGEST) {
            throw invalid(name);
        }
        return new ImageSize(width, height);
    }

    EmbedlakeException invalid(String name) {
        return refused(label, name + " in preprocessor_config.json", "its value is missing or invalid");
    }

    private static EmbedlakeException refused(String label, String what, String rule) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot use the model " + label + ": " + what + " (" + rule + "). Change the key model.");
    }
}
