package io.embedlake.spark.executor;

import io.embedlake.spark.source.InputForm;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.TokenCounter;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Counts the inputs of a partition, rows of {@link SourceText#texts()}, with the model's own tokenizer: one row for all. Immutable; runs on
 * executors.
 */
public record CountTokens(EmbedderSpec spec, InputForm form) implements MapPartitionsFunction<Row, Row> {
    public static final StructType SCHEMA =
            StructType.fromDDL("texts BIGINT, tokens BIGINT, truncated BIGINT, split BIGINT, refused BIGINT");

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        long texts = 0;
        long tokens = 0;
        long truncated = 0;
        long split = 0;
        long refused = 0;
        try (TokenCounter counter = Platforms.named(spec.platform()).counter(ShippedModel.localise(spec))) {
            while (rows.hasNext()) {
                texts++;
                try {
                    EncodedInput encoded = counter.encode(form.input(rows.next()));
                    tokens += encoded.tokens();
                    truncated += encoded.truncated() ? 1 : 0;
                    split += encoded.chunks() > 1 ? 1 : 0;
                } catch (EmbedlakeException e) {
                    if (!e.kind().concernsRows()) {
                        throw e;
                    }
                    refused++;
                }
            }
        }
        return List.of(RowFactory.create(texts, tokens, truncated, split, refused))
                .iterator();
    }
}
