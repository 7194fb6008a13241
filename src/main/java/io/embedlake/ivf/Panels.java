package io.embedlake.ivf;

import io.embedlake.reduce.Columns;

/**
 * Vectors as panels of columns, so that the products of a row with a panel are independent sums next to each other, which the compiler puts
 * into the processor's vectors. Each product is one sum in one order, whatever the processor. Immutable and thread-safe.
 */
final class Panels {
    /** A panel of this width and 384 dimensions stays in the second cache. */
    static final int WIDTH = RowBlock.TILE;

    private final int count;
    private final float[][][] panels;

    /** @param vectors {@code [count][dimension]}, row after row */
    Panels(int dimension, float[] vectors) {
        this.count = vectors.length / dimension;
        this.panels = RowBlock.of(dimension, vectors).tiles();
    }

    /** How many panels there are. */
    int panels() {
        return panels.length;
    }

    /** How many vectors a panel has. */
    int width(int panel) {
        return Math.min(WIDTH, count - panel * WIDTH);
    }

    /** The products of a row with the vectors of a panel: {@code [width]}. */
    float[] products(int panel, float[] row) {
        float[] products = new float[width(panel)];
        Columns.addProduct(panels[panel], row, products);
        return products;
    }

    /** The products of a row with all vectors: {@code [count]}. */
    float[] products(float[] row) {
        float[] products = new float[count];
        for (int panel = 0; panel < panels.length; panel++) {
            System.arraycopy(products(panel, row), 0, products, panel * WIDTH, width(panel));
        }
        return products;
    }
}
