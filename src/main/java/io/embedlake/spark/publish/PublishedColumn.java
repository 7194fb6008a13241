package io.embedlake.spark.publish;

import io.embedlake.spark.source.SourceText;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A vector column to publish. Immutable.
 *
 * @param text the text whose vector a row gets
 * @param name the column's name
 * @param type its type in SQL
 * @param vectors {@code content_hash, vector}, each hash once
 * @param provenance what made the vectors
 */
public record PublishedColumn(SourceText text, String name, String type, Dataset<Row> vectors, Provenance provenance) {}
