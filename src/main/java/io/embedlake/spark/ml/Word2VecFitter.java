package io.embedlake.spark.ml;

import static org.apache.spark.sql.functions.col;

import io.embedlake.lexical.fitted.Word2VecPlatform;
import io.embedlake.lexical.words.WordVectorBytes;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.mllib.feature.Word2Vec;
import org.apache.spark.mllib.feature.Word2VecModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Trains vectors of words with Spark MLlib. Stateless; confined to the driver.
 *
 * <p>In one partition, in the order of the hashes, the same sample gives the same vectors; MLlib's documentation advises few partitions
 * for accuracy's sake too.
 *
 * @param platform whose models are fitted
 */
record Word2VecFitter(Word2VecPlatform platform) implements ModelFitter {
    private static final int ITERATIONS = 5;

    @Override
    public byte[] fit(EmbedderRequest request, Dataset<Row> sample, long seed) {
        SampleTerms terms = SampleTerms.of(sample, platform.terms());
        int minDocuments = platform.minDocuments(request);
        List<String> words = terms.vocabulary(platform.vocabulary(request), minDocuments).stream()
                .map(SampleTerms.Known::term)
                .toList();
        if (words.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot train vectors of words: none of the words of " + sample.count() + " texts stands in "
                            + minDocuments + " of them (at least one must). Set min-documents to less, or embed another"
                            + " attribute.");
        }
        JavaRDD<Iterable<String>> texts =
                terms.rows().orderBy(col(HASH)).coalesce(1).toJavaRDD().map(new KnownWords(new HashSet<>(words)));
        Word2VecModel model = new Word2Vec()
                .setVectorSize(platform.dimensions(request))
                .setNumIterations(ITERATIONS)
                .setNumPartitions(1)
                .setMinCount(1)
                .setSeed(seed)
                .fit(texts);
        Map<String, float[]> vectors = CollectionConverters.asJava(model.getVectors());
        return WordVectorBytes.of(words, words.stream().map(vectors::get).toList());
    }

    /** The words of a text that get a vector. Immutable; runs on executors. */
    private record KnownWords(Set<String> vocabulary) implements Function<Row, Iterable<String>> {
        @Override
        public Iterable<String> call(Row text) {
            List<String> known = new ArrayList<>(text.getList(1));
            known.retainAll(vocabulary);
            return known;
        }
    }
}
