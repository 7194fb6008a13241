package io.embedlake.spark.ml;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fits a platform's model on a sample of a column. Implementations are stateless and confined to the driver. */
public interface ModelFitter {
    /** The column of a sample with the hash of a text: sorting by it is random with regard to the texts. */
    String HASH = "content_hash";

    /** The column of a sample with the text. */
    String TEXT = "text";

    /**
     * Fits a model. The same sample, however it is partitioned, gives the same bytes.
     *
     * @param sample rows of {@link #HASH} and {@link #TEXT}: different texts, at least one, none of them blank; it is read more than
     *     once
     * @param seed what all randomness comes from
     * @return the content of the model's file
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the sample is too small or does not fit
     */
    byte[] fit(EmbedderRequest request, Dataset<Row> sample, long seed);
}
