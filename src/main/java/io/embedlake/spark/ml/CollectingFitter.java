package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.SelfFittingPlatform;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings a sample to the driver and leaves the fitting to the platform. Stateless; confined to the driver.
 *
 * @param platform what fits
 * @param mostCharacters how many characters the driver takes; of longer texts it takes fewer, still at random
 */
record CollectingFitter(SelfFittingPlatform platform, long mostCharacters) implements ModelFitter {
    /** At most 128 MB on the driver. */
    private static final long MOST_CHARACTERS = 64_000_000;

    CollectingFitter(SelfFittingPlatform platform) {
        this(platform, MOST_CHARACTERS);
    }

    @Override
    public byte[] fit(EmbedderRequest request, Dataset<Row> sample, long seed) {
        List<String> texts = new ArrayList<>();
        long characters = 0;
        Iterator<Row> rows = sample.orderBy(col(HASH)).select(TEXT).toLocalIterator();
        while (rows.hasNext()) {
            String text = rows.next().getString(0);
            characters += text.length();
            if (characters > mostCharacters && !texts.isEmpty()) {
                break;
            }
            texts.add(text);
        }
        return platform.fit(request, texts, seed);
    }
}
