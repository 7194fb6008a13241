package io.embedlake.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code preprocessor_config.json} asks to be done with an image before its model sees it: resize, crop the centre, and turn bytes
 * into numbers. The reference are the processors of transformers that resize with Pillow; those over torchvision differ from them by
 * their rounding. Immutable and thread-safe.
 */
public final class ImageProcessor {
    private static final int BYTES = 256;
    private static final int CONVNEXT_WARPS = 384;

    /** Pixels between the two passes of a resize; ordinary images have a few millions. */
    private static final long MOST_BETWEEN = 1L << 28;

    private final Optional<Resize> resize;
    private final Resample filter;
    private final List<ImageSize> crops;
    private final double scale;
    private final float[] mean;
    private final float[] std;

    private ImageProcessor(ProcessorOptions options) {
        List<ImageSize> inOrder = new ArrayList<>();
        resize = options.isOn("do_resize") ? Optional.of(resize(options, inOrder)) : Optional.empty();
        if (options.isOn("do_center_crop")) {
            inOrder.add(options.crop());
        }
        crops = List.copyOf(inOrder);
        filter = Resample.of(options.integer("resample")).orElseThrow(() -> options.invalid("resample"));
        scale = options.isOn("do_rescale") ? options.number("rescale_factor") : 1;
        mean = new float[Pixels.CHANNELS];
        std = new float[Pixels.CHANNELS];
        normalize(options);
    }

    /**
     * The processor of a file.
     *
     * @param label names the model in messages
     * @param config the content of {@code preprocessor_config.json}, or of {@code image_processor} in {@code processor_config.json}
     * @param modelType {@code model_type} of the model's configuration, which decides where the file names no class; or empty
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} naming a class or an option that is not supported
     */
    public static ImageProcessor of(String label, JsonNode config, String modelType) {
        return new ImageProcessor(ProcessorOptions.of(label, config, modelType));
    }

    /**
     * What checkpoints of a family are published with, for one that lacks the file; empty for a family that is not known.
     *
     * @param imageSize pixels of an edge that the model's configuration names
     */
    public static Optional<ImageProcessor> assumed(String label, String modelType, int imageSize) {
        return ProcessorOptions.assumed(label, modelType, imageSize).map(ImageProcessor::new);
    }

    private static Resize resize(ProcessorOptions options, List<ImageSize> crops) {
        Resize asked = options.resize();
        String rule = options.text("rule");
        if (rule.equals("plain")) {
            return asked;
        }
        if (asked instanceof Resize.ShortestEdge shortest) {
            int edge = shortest.edge();
            return switch (rule) {
                case "levit" -> new Resize.ShortestEdge((int) (256.0 / 224 * edge));
                case "poolformer" -> new Resize.ShortestEdge((int) (edge / options.number("crop_pct")));
                default -> convNext(edge, options, crops);
            };
        }
        if (rule.equals("levit")) {
            return asked;
        }
        throw options.invalid("size");
    }

    private static Resize convNext(int edge, ProcessorOptions options, List<ImageSize> crops) {
        ImageSize square = new ImageSize(edge, edge);
        if (edge >= CONVNEXT_WARPS) {
            return new Resize.To(square);
        }
        crops.add(square);
        return new Resize.ShortestEdge((int) (edge / options.number("crop_pct")));
    }

    private void normalize(ProcessorOptions options) {
        Arrays.fill(std, 1);
        if (options.isOn("do_normalize")) {
            System.arraycopy(options.colours("image_mean"), 0, mean, 0, mean.length);
            System.arraycopy(options.colours("image_std"), 0, std, 0, std.length);
        }
        boolean isOffset = options.isOn("do_rescale") && options.isOn("rescale_offset");
        float[] again = options.isOn("include_top") ? options.colours("image_std") : new float[] {1, 1, 1};
        for (int i = 0; i < std.length; i++) {
            mean[i] += isOffset ? 1 : 0;
            std[i] *= again[i];
            if (std[i] == 0) {
                throw options.invalid("image_std");
            }
        }
    }

    /** What a byte is multiplied by first. */
    public float scale() {
        return (float) scale;
    }

    /** Per colour what is subtracted from the scaled value; zeros where nothing is normalised. */
    public float[] mean() {
        return mean.clone();
    }

    /** Per colour what the difference is divided by; ones where nothing is normalised. */
    public float[] std() {
        return std.clone();
    }

    /** The size of every prepared image; empty where it depends on the image. */
    public Optional<ImageSize> size() {
        if (!crops.isEmpty()) {
            return Optional.of(crops.get(crops.size() - 1));
        }
        return resize.filter(Resize.To.class::isInstance).map(to -> to.of(1, 1));
    }

    /** All that changes pixel values, for a fingerprint; sorted by name. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        resize.ifPresent(to -> {
            settings.put("resize", to.toString());
            settings.put("resample", filter.name().toLowerCase(java.util.Locale.ROOT));
        });
        if (!crops.isEmpty()) {
            settings.put(
                    "crop", crops.stream().map(ImageSize::toString).collect(java.util.stream.Collectors.joining(",")));
        }
        settings.put("scale", Double.toString(scale));
        settings.put("mean", Arrays.toString(mean));
        settings.put("std", Arrays.toString(std));
        return settings;
    }

    /**
     * The image resized and cropped, still 8 bits a colour.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} for a shape so narrow that its longer edge would be out of all bounds
     */
    public Pixels prepare(Pixels image) {
        ImageSize whole = resize.map(to -> to.of(image.width(), image.height()))
                .orElse(new ImageSize(image.width(), image.height()));
        if (crops.isEmpty()) {
            return resized(image, whole, 0, 0, whole);
        }
        // Only what the first crop leaves is computed.
        ImageSize crop = crops.get(0);
        int width = Math.min(crop.width(), whole.width());
        int height = Math.min(crop.height(), whole.height());
        ImageSize left = new ImageSize(width, height);
        Pixels prepared = resized(image, whole, (whole.width() - width) / 2, (whole.height() - height) / 2, left);
        for (ImageSize size : crops) {
            prepared = cropped(prepared, size);
        }
        return prepared;
    }

    private Pixels resized(Pixels image, ImageSize to, int left, int top, ImageSize window) {
        if (window.width() == image.width() && window.height() == image.height() && to.equals(window)) {
            return image;
        }
        if ((long) image.height() * window.width() > MOST_BETWEEN) {
            throw Refusal.tooExtreme(window.width(), image.height());
        }
        return Resizer.window(image, to, filter, left, top, window);
    }

    /** The centre of an image; one that is too small lies in the middle of black, where it is odd with one pixel more before it. */
    private static Pixels cropped(Pixels image, ImageSize size) {
        if (image.width() == size.width() && image.height() == size.height()) {
            return image;
        }
        byte[] rgb = new byte[size.width() * size.height() * Pixels.CHANNELS];
        int fromX = Math.max(0, (image.width() - size.width()) / 2);
        int fromY = Math.max(0, (image.height() - size.height()) / 2);
        int toX = Math.max(0, (size.width() - image.width() + 1) / 2);
        int toY = Math.max(0, (size.height() - image.height() + 1) / 2);
        int width = Math.min(image.width(), size.width()) * Pixels.CHANNELS;
        for (int y = 0; y < Math.min(image.height(), size.height()); y++) {
            int from = ((fromY + y) * image.width() + fromX) * Pixels.CHANNELS;
            System.arraycopy(image.rgb(), from, rgb, ((toY + y) * size.width() + toX) * Pixels.CHANNELS, width);
        }
        return new Pixels(size.width(), size.height(), rgb);
    }

    /** The pixel values of a prepared image as its model takes them: {@code [3][height][width]}. */
    public float[] values(Pixels prepared) {
        int pixels = prepared.width() * prepared.height();
        byte[] rgb = prepared.rgb();
        float[] values = new float[pixels * Pixels.CHANNELS];
        for (int colour = 0; colour < Pixels.CHANNELS; colour++) {
            float[] ofByte = new float[BYTES];
            for (int i = 0; i < BYTES; i++) {
                ofByte[i] = ((float) (i * scale) - mean[colour]) / std[colour];
            }
            for (int i = 0, from = colour, to = colour * pixels; i < pixels; i++, from += Pixels.CHANNELS) {
                values[to + i] = ofByte[rgb[from] & 0xff];
            }
        }
        return values;
    }
}
