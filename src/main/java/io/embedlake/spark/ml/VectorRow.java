package io.embedlake.spark.ml;

import java.io.Serializable;

/** A row with a vector on its way into a typed function: a bean, because Spark hands its arrays over without boxing. Mutable. */
public final class VectorRow implements Serializable {
    private static final long serialVersionUID = 1L;

    private float[] vector;

    public float[] getVector() {
        return vector;
    }

    public void setVector(float[] vector) {
        this.vector = vector;
    }
}
