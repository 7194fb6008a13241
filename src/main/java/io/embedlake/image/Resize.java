package io.embedlake.image;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;

/** To which size an image is brought. */
sealed interface Resize {
    /** Longer edges have no use, and no memory would hold them. */
    int LONGEST = 1 << 24;

    /** @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} for a shape whose longer edge would be out of all bounds */
    ImageSize of(int width, int height);

    private static ImageSize size(long width, long height) {
        if (width > LONGEST || height > LONGEST) {
            throw Refusal.tooExtreme(width, height);
        }
        return new ImageSize((int) width, (int) height);
    }

    /** This size, whatever the shape. */
    record To(ImageSize size) implements Resize {
        @Override
        public ImageSize of(int width, int height) {
            return size;
        }

        @Override
        public String toString() {
            return size.toString();
        }
    }

    /** The shorter edge gets this length and the longer one follows, rounded down. */
    record ShortestEdge(int edge) implements Resize {
        @Override
        public ImageSize of(int width, int height) {
            return width <= height
                    ? size(edge, (long) edge * height / width)
                    : size((long) edge * width / height, edge);
        }

        @Override
        public String toString() {
            return "shortest edge " + edge;
        }
    }

    /** As the shortest edge, but the longer one gets at most that length. */
    record WithinEdges(int shortest, int longest) implements Resize {
        @Override
        public ImageSize of(int width, int height) {
            double shorter = Math.min(width, height);
            double longer = Math.max(width, height);
            double exact = shortest;
            int edge = shortest;
            if (longer / shorter * shortest > longest) {
                exact = longest * shorter / longer;
                edge = (int) Math.rint(exact);
            }
            if (edge == Math.min(width, height)) {
                return new ImageSize(width, height);
            }
            int other = Math.max(1, (int) (exact * longer / shorter));
            edge = Math.max(1, edge);
            return width < height ? new ImageSize(edge, other) : new ImageSize(other, edge);
        }

        @Override
        public String toString() {
            return "shortest edge " + shortest + ", longest edge at most " + longest;
        }
    }
}
