package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.lexical.fitted.BagFile;
import io.embedlake.lexical.fitted.BagModel;
import io.embedlake.lexical.fitted.BagPlatform;
import io.embedlake.lexical.fitted.BagSettings;
import io.embedlake.spi.EmbedderRequest;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.feature.CountVectorizerModel;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits bags of terms: the executors find the vocabulary and count, the driver takes the counts apart. Stateless; confined to the driver.
 *
 * @param platform whose models are fitted
 */
record BagFitter(BagPlatform platform) implements ModelFitter {
    /** How many counts the driver takes, 160 MB of them; of longer texts it takes fewer, still at random. */
    private static final int MOST_COUNTS = 20_000_000;

    private static final String COUNTS = "counts";

    @Override
    public byte[] fit(EmbedderRequest request, Dataset<Row> sample, long seed) {
        BagSettings settings = platform.settings(request);
        long texts = sample.count();
        SampleTerms terms = SampleTerms.of(sample, settings.terms());
        List<SampleTerms.Known> known = terms.vocabulary(settings.vocabulary(), settings.minDocuments());
        List<String> vocabulary = known.stream().map(SampleTerms.Known::term).toList();
        settings.requireTerms(vocabulary, texts);
        float[] weights = new float[known.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = settings.weighting().weight(texts, known.get(i).texts());
        }
        if (settings.dimensions().isEmpty()) {
            return BagFile.bytes(new BagModel(
                    settings.terms(), settings.weighting(), texts, vocabulary, weights, weights.length, new float[0]));
        }
        int dimensions = settings.dimensions().getAsInt();
        settings.requireDimensions(texts, "texts");
        TruncatedSvd svd = TruncatedSvd.of(counts(terms, vocabulary, weights), dimensions, seed);
        settings.requireDimensions(svd.values().length, "directions in which its texts differ");
        return BagFile.bytes(new BagModel(
                settings.terms(), settings.weighting(), texts, vocabulary, weights, dimensions, svd.vectors()));
    }

    private static SparseRows counts(SampleTerms terms, List<String> vocabulary, float[] weights) {
        Iterator<Row> rows = new CountVectorizerModel(vocabulary.toArray(String[]::new))
                .setInputCol(TermsOfText.TERMS)
                .setOutputCol(COUNTS)
                .transform(terms.rows())
                .orderBy(col(HASH))
                .select(COUNTS)
                .toLocalIterator();
        SparseRows matrix = new SparseRows(weights.length);
        while (rows.hasNext() && matrix.entries() < MOST_COUNTS) {
            SparseVector counted = ((Vector) rows.next().get(0)).toSparse();
            matrix.add(counted.indices(), weighted(counted, weights));
        }
        return matrix;
    }

    /** As the platform weighs the terms of a text that it embeds. */
    private static float[] weighted(SparseVector counted, float[] weights) {
        float[] weighted = new float[counted.indices().length];
        double squares = 0;
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = (float) (counted.values()[i] * weights[counted.indices()[i]]);
            squares += (double) weighted[i] * weighted[i];
        }
        float scale = (float) (1 / Math.sqrt(Math.max(squares, Float.MIN_NORMAL)));
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] *= scale;
        }
        return weighted;
    }
}
