package io.embedlake.remote.format.google;

/** What the vectors are for, for Google's models. */
public enum TaskType {
    /** Queries. */
    RETRIEVAL_QUERY,
    /** Documents. */
    RETRIEVAL_DOCUMENT,
    /** Texts that are compared. */
    SEMANTIC_SIMILARITY,
    /** Input of a classifier. */
    CLASSIFICATION,
    /** Input of clustering. */
    CLUSTERING,
    /** Queries that search code. */
    CODE_RETRIEVAL_QUERY,
    /** A question whose answer is searched. */
    QUESTION_ANSWERING,
    /** A claim whose proof is searched. */
    FACT_VERIFICATION
}
