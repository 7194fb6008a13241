package io.embedlake.spark.search;

import java.io.Serializable;

/** A row on its way to being scored: a bean, because Spark hands its arrays over without boxing. Mutable. */
public final class KeyedVector implements Serializable {
    private static final long serialVersionUID = 1L;

    private String key;
    private float[] vector;

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public float[] getVector() {
        return vector;
    }

    public void setVector(float[] vector) {
        this.vector = vector;
    }
}
