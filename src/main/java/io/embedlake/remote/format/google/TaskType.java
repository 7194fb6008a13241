package io.embedlake.remote.format.google;

/** What Google's models are told the vectors are for. */
public enum TaskType {
    /** What is searched for. */
    RETRIEVAL_QUERY,
    /** What is found. */
    RETRIEVAL_DOCUMENT,
    /** Texts that are compared. */
    SEMANTIC_SIMILARITY,
    /** What a classifier gets. */
    CLASSIFICATION,
    /** What is grouped. */
    CLUSTERING,
    /** What code is searched for with. */
    CODE_RETRIEVAL_QUERY,
    /** A question whose answer is searched. */
    QUESTION_ANSWERING,
    /** A claim whose proof is searched. */
    FACT_VERIFICATION
}
