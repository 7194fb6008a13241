package io.embedlake.spark.store;

import java.io.Serializable;

/** A row of the store on its way through a typed map: a bean, because Spark hands its arrays over without boxing. Mutable. */
public final class StoredVector implements Serializable {
    private static final long serialVersionUID = 1L;

    private String contentHash;
    private float[] vector;
    private double createdAt;

    public String getContentHash() {
        return contentHash;
    }

    public void setContentHash(String contentHash) {
        this.contentHash = contentHash;
    }

    public float[] getVector() {
        return vector;
    }

    public void setVector(float[] vector) {
        this.vector = vector;
    }

    public double getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(double createdAt) {
        this.createdAt = createdAt;
    }
}
