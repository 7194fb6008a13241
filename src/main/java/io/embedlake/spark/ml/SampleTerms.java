package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.lexical.fitted.Terms;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The terms of a sample, and the most frequent ones of them. Immutable; lazy; confined to the driver.
 *
 * <p>Spark ML's CountVectorizer finds a vocabulary too; but of terms that are equally frequent, where the vocabulary ends, it takes
 * any. Here it is the first ones in the order of their bytes, so that a sample has one vocabulary.
 *
 * @param rows {@code content_hash, terms}
 */
record SampleTerms(Dataset<Row> rows) {
    private static final String TERM = "term";
    private static final String TEXTS = "texts";

    /** The terms of the texts of a sample. */
    static SampleTerms of(Dataset<Row> sample, Terms terms) {
        return new SampleTerms(sample.select(ModelFitter.HASH, ModelFitter.TEXT)
                .map(new TermsOfText(terms), Encoders.row(TermsOfText.SCHEMA)));
    }

    /**
     * A term and how many texts have it.
     *
     * @param term the term
     * @param texts at least 1
     */
    record Known(String term, long texts) {}

    /**
     * The terms with the highest document frequency, sorted by it.
     *
     * @param most how many there may be
     * @param minDocuments how many texts each must have
     */
    List<Known> vocabulary(int most, int minDocuments) {
        return rows
                .select(explode(array_distinct(col(TermsOfText.TERMS))).as(TERM))
                .groupBy(TERM)
                .agg(count(lit(1)).as(TEXTS))
                .where(col(TEXTS).geq(minDocuments))
                .orderBy(col(TEXTS).desc(), col(TERM))
                .limit(most)
                .collectAsList()
                .stream()
                .map(row -> new Known(row.getString(0), row.getLong(1)))
                .toList();
    }
}
