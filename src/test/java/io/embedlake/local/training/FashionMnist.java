package io.embedlake.local.training;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * An excerpt of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): pictures of clothes of ten groups. Immutable by agreement.
 *
 * @param images {@code [images][784]}, from 0 to 255
 * @param groups {@code [images]}, from 0 to 9
 */
record FashionMnist(List<float[]> images, byte[] groups) {
    private static final int PIXELS = 28 * 28;

    /** 1,500 images. */
    static final FashionMnist TRAIN = read("train");
    /** 500 others. */
    static final FashionMnist TEST = read("test");

    private static FashionMnist read(String part) {
        try (DataInputStream images = open(part + "-images-idx3-ubyte.gz");
                DataInputStream groups = open(part + "-labels-idx1-ubyte.gz")) {
            images.skipNBytes(4);
            int count = images.readInt();
            images.skipNBytes(8);
            List<float[]> pixels = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                float[] image = new float[PIXELS];
                for (int pixel = 0; pixel < PIXELS; pixel++) {
                    image[pixel] = images.readUnsignedByte();
                }
                pixels.add(image);
            }
            groups.skipNBytes(8);
            return new FashionMnist(pixels, groups.readNBytes(count));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataInputStream open(String file) throws IOException {
        return new DataInputStream(
                new GZIPInputStream(FashionMnist.class.getResourceAsStream("/fashion-mnist/" + file)));
    }

    /** The first images as rows of JSON. */
    List<String> json(int count) {
        return images.stream().limit(count).map(FashionMnist::json).toList();
    }

    private static String json(float[] image) {
        StringBuilder json = new StringBuilder("[");
        for (float pixel : image) {
            json.append(json.length() == 1 ? "" : ",").append((int) pixel);
        }
        return json.append(']').toString();
    }
}
