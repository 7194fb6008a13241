package io.embedlake.spark.store;

import java.io.Serializable;

/**
 * A row of the store with a vector for each span of a text, on its way through a typed map: a bean, because Spark hands its
 * arrays over without boxing. Mutable.
 */
public final class StoredSpans implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A span and its vector: the names are those of the table's columns. Mutable. */
    public static final class Span implements Serializable {
        private static final long serialVersionUID = 1L;

        private int start;
        private int end;
        private float[] vector;

        public int getStart() {
            return start;
        }

        public void setStart(int start) {
            this.start = start;
        }

        public int getEnd() {
            return end;
        }

        public void setEnd(int end) {
            this.end = end;
        }

        public float[] getVector() {
            return vector;
        }

        public void setVector(float[] vector) {
            this.vector = vector;
        }
    }

    private String contentHash;
    private Span[] spans;
    private double createdAt;

    public String getContentHash() {
        return contentHash;
    }

    public void setContentHash(String contentHash) {
        this.contentHash = contentHash;
    }

    public Span[] getSpans() {
        return spans;
    }

    public void setSpans(Span[] spans) {
        this.spans = spans;
    }

    public double getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(double createdAt) {
        this.createdAt = createdAt;
    }
}
