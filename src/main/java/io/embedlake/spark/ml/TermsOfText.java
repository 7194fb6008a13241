package io.embedlake.spark.ml;

import io.embedlake.lexical.fitted.Terms;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Takes the texts of a sample apart. Immutable; runs on executors.
 *
 * @param terms into what
 */
record TermsOfText(Terms terms) implements MapFunction<Row, Row> {
    /** The column with the terms of a text. */
    static final String TERMS = "terms";

    static final StructType SCHEMA = StructType.fromDDL(ModelFitter.HASH + " STRING, " + TERMS + " ARRAY<STRING>");

    @Override
    public Row call(Row text) {
        return RowFactory.create(text.getString(0), terms.of(text.getString(1)).toArray(String[]::new));
    }
}
