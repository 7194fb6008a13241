package io.embedlake.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.lexical.fitted.BagFile;
import io.embedlake.lexical.fitted.BagModel;
import io.embedlake.lexical.fitted.Terms;
import io.embedlake.pipeline.BarePipeline;
import io.embedlake.pipeline.BatchSize;
import io.embedlake.reduce.Reducer;
import io.embedlake.reduce.pca.Moments;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.ml.ModelFitter;
import io.embedlake.spark.ml.ModelFitters;
import io.embedlake.spark.ml.PcaFitter;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Sha256;
import io.embedlake.spi.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.feature.CountVectorizerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.mllib.linalg.DenseMatrix;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Times the platforms that are fitted on a column, on two threads, and says what their vectors are good for; prints a line of JSON for
 * each.
 *
 * <p>Arguments: the work folder, how often the texts are repeated, rounds, then platforms, each with its options as in
 * {@code tf-idf,dimensions=64}. The texts are the definitions of the quickstart. Quality is the share of them whose nearest neighbour,
 * by the cosine, is of the same one of eight categories: of full vectors, and of those that PCA has made 64 numbers long. The comparators
 * of {@code bag-of-words} are Spark ML's CountVectorizerModel with MLlib's product of a RowMatrix and the same projection, on the same
 * words, and MLlib's computeSVD on the same counts.
 */
public final class FittedPlatformsBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 2;
    private static final int BATCH_TOKENS = 4096;
    private static final int REDUCED = 64;
    private static final long SEED = 1;

    private FittedPlatformsBenchmark() {}

    private record Labelled(List<String> texts, List<String> labels) {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int repeated = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Labelled definitions = definitions();
        List<String> many = Collections.nCopies(repeated, definitions.texts()).stream()
                .flatMap(List::stream)
                .toList();
        try (SparkSession spark = Sessions.open("benchmark", Map.of(), System.getenv())) {
            Dataset<Row> sample = sample(spark, definitions.texts()).cache();
            sample.count();
            for (int round = 0; round < rounds; round++) {
                for (String argument : List.of(arguments).subList(3, arguments.length)) {
                    String[] parts = argument.split(",");
                    Map<String, String> options = new TreeMap<>();
                    for (String option : List.of(parts).subList(1, parts.length)) {
                        options.put(option.split("=")[0], option.split("=")[1]);
                    }
                    time(argument, spec(folder, parts[0], options, sample), definitions, many);
                    if (parts[0].equals("bag-of-words")) {
                        BagModel model = BagFile.read(folder.resolve("bag-of-words.model"));
                        compareWithSpark(spark, model, sample, many);
                    }
                }
            }
        }
    }

    private static EmbedderSpec spec(Path folder, String name, Map<String, String> options, Dataset<Row> sample)
            throws IOException {
        EmbedderRequest request = new EmbedderRequest(Optional.empty(), options);
        Platform platform = Platforms.named(name);
        if (!(platform instanceof FittedPlatform fitted)) {
            return platform.describe(request);
        }
        long begin = System.nanoTime();
        byte[] model = ModelFitters.of(fitted).fit(request, sample, SEED);
        print(Map.of("platform", name, "fitSeconds", seconds(begin), "modelBytes", model.length));
        return fitted.describe(request, Files.write(folder.resolve(name + ".model"), model));
    }

    private static void time(String what, EmbedderSpec spec, Labelled definitions, List<String> many)
            throws IOException {
        try (Embedder embedder = Platforms.named(spec.platform()).load(spec, Device.CPU)) {
            BarePipeline pipeline = new BarePipeline(embedder, THREADS, BatchSize.of(BATCH_TOKENS));
            BarePipeline.Run run = pipeline.run(many);
            List<float[]> vectors = pipeline.run(definitions.texts()).vectors();
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("embedding", what);
            line.put("texts", many.size());
            line.put("textsPerSecond", Math.round(many.size() / run.seconds()));
            line.put("tokensPerSecond", Math.round(run.tokens() / run.seconds()));
            line.put(
                    "refused",
                    vectors.stream().filter(vector -> vector.length == 0).count());
            line.put("nearestOfTheSameCategory", rounded(accuracy(vectors, definitions.labels())));
            line.put("reduced", rounded(accuracy(reduced(vectors, embedder.dimension()), definitions.labels())));
            print(line);
        }
    }

    private static void compareWithSpark(SparkSession spark, BagModel model, Dataset<Row> sample, List<String> many)
            throws IOException {
        int size = model.vocabulary().size();
        CountVectorizerModel counter = new CountVectorizerModel(
                        model.vocabulary().toArray(String[]::new))
                .setInputCol("terms")
                .setOutputCol("counts");
        double[] columns = new double[model.projection().length];
        for (int i = 0; i < columns.length; i++) {
            columns[(i % model.dimensions()) * size + i / model.dimensions()] = model.projection()[i];
        }
        Matrix projection = new DenseMatrix(size, model.dimensions(), columns);
        Dataset<Row> texts = sample(spark, many).repartition(THREADS).cache();
        texts.count();
        long begin = System.nanoTime();
        matrix(counter, texts).multiply(projection).rows().count();
        double seconds = (System.nanoTime() - begin) / 1e9;
        print(Map.of("embedding", "bag-of-words by Spark ML", "textsPerSecond", Math.round(many.size() / seconds)));
        texts.unpersist();
        long beginSvd = System.nanoTime();
        matrix(counter, sample).computeSVD(model.dimensions(), false, 1e-9);
        print(Map.of("platform", "singular values by MLlib", "fitSeconds", seconds(beginSvd)));
    }

    private static RowMatrix matrix(CountVectorizerModel counter, Dataset<Row> texts) {
        Dataset<Row> terms = texts.map(
                (org.apache.spark.api.java.function.MapFunction<Row, Row>) row -> RowFactory.create(
                        (Object) new Terms.LowerCaseWords().of(row.getString(1)).toArray(String[]::new)),
                org.apache.spark.sql.Encoders.row(StructType.fromDDL("terms ARRAY<STRING>")));
        return new RowMatrix(counter.transform(terms)
                .select("counts")
                .toJavaRDD()
                .map(row -> org.apache.spark.mllib.linalg.Vectors.fromML((Vector) row.get(0)))
                .rdd());
    }

    private static double accuracy(List<float[]> vectors, List<String> labels) {
        float[][] units = vectors.stream().map(float[]::clone).toArray(float[][]::new);
        for (float[] unit : units) {
            Vectors.normalize(unit, 0, unit.length);
        }
        long right = java.util.stream.IntStream.range(0, units.length)
                .parallel()
                .filter(i -> units[i].length > 0)
                .filter(i -> labels.get(nearest(units, i)).equals(labels.get(i)))
                .count();
        return (double) right / units.length;
    }

    private static int nearest(float[][] units, int query) {
        int nearest = -1;
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < units.length; i++) {
            if (i != query && units[i].length > 0) {
                float dot = 0;
                for (int j = 0; j < units[i].length; j++) {
                    dot += units[i][j] * units[query][j];
                }
                if (dot > best) {
                    best = dot;
                    nearest = i;
                }
            }
        }
        return nearest;
    }

    private static List<float[]> reduced(List<float[]> vectors, int dimension) {
        Moments moments = new Moments(dimension);
        vectors.stream().filter(vector -> vector.length > 0).forEach(moments::add);
        Reducer reducer = PcaFitter.fit(moments.finish(), Math.min(dimension, REDUCED));
        return vectors.stream()
                .map(vector -> vector.length == 0 ? vector : reducer.reduce(vector))
                .toList();
    }

    private static Dataset<Row> sample(SparkSession spark, List<String> texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            rows.add(RowFactory.create(Sha256.hex((i + text).getBytes(StandardCharsets.UTF_8)), text));
        }
        return spark.createDataFrame(
                rows, StructType.fromDDL(ModelFitter.HASH + " STRING, " + ModelFitter.TEXT + " STRING"));
    }

    private static Labelled definitions() throws IOException {
        Labelled definitions = new Labelled(new ArrayList<>(), new ArrayList<>());
        for (String line : Files.readAllLines(Path.of("conf/quickstart/definitions.jsonl"))) {
            JsonNode entry = JSON.readTree(line);
            definitions.texts().add(entry.path("definition").asText());
            definitions.labels().add(entry.path("category").asText());
        }
        return definitions;
    }

    private static String seconds(long begin) {
        return String.format(Locale.ROOT, "%.2f", (System.nanoTime() - begin) / 1e9);
    }

    private static double rounded(double share) {
        return Math.round(share * 1000) / 1000.0;
    }

    private static void print(Map<String, ?> line) throws IOException {
        System.out.println(JSON.writeValueAsString(line));
    }
}
