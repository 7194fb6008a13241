package io.embedlake.spark.store;

import java.time.Duration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What a run did for one vector column. Immutable.
 *
 * @param column the column
 * @param model what made its vectors, for a person
 * @param fingerprint what made its vectors, for the machine
 * @param reducer what made them short
 * @param digest identifies the pairs of id and text that were published
 * @param blank rows without a text
 * @param distinct different texts
 * @param alreadyEmbedded those that the store had
 * @param embedded those that this run embedded
 * @param rejected those that got no vector, in this run or an earlier one
 * @param truncated embedded texts that were cut to the model's limit
 * @param tokens tokens of the embedded texts
 * @param embedTime how long embedding took
 * @param varianceKept the share of the variance that the reduction keeps, 1 without one
 */
public record ColumnRecord(
        String column,
        String model,
        String fingerprint,
        String reducer,
        long digest,
        long blank,
        long distinct,
        long alreadyEmbedded,
        long embedded,
        long rejected,
        long truncated,
        long tokens,
        Duration embedTime,
        double varianceKept) {

    Row row() {
        return RowFactory.create(
                column,
                model,
                fingerprint,
                reducer,
                digest,
                blank,
                distinct,
                alreadyEmbedded,
                embedded,
                rejected,
                truncated,
                tokens,
                embedTime.toMillis() / 1000.0,
                varianceKept);
    }
}
