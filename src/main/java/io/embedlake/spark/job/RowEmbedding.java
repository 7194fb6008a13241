package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.pipeline.ReferenceVectorCheck;
import io.embedlake.remote.limit.Pace;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.executor.DescribedModel;
import io.embedlake.spark.executor.EmbedEveryRow;
import io.embedlake.spark.executor.EmbedderLoader;
import io.embedlake.spark.executor.EmbedderPool;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spark.limit.LimitRoutes;
import io.embedlake.spark.source.Columns;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.FittedPlatform;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.Platforms;
import io.embedlake.text.Texts;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.mutable.ArraySeq;

/** Embeds the texts of any data set, each time that it is computed. Stateless; confined to the driver. */
public final class RowEmbedding {
    private RowEmbedding() {}

    /**
     * The rows with a vector each.
     *
     * @param text the column of texts
     * @param embedding the name of the column to add, and what makes it
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column or the model does not fit; {@link ErrorKind#STORAGE} when
     *     the model cannot be copied
     */
    public static Dataset<Row> of(SparkSession spark, Dataset<Row> rows, String text, EmbeddingSpec embedding) {
        int index = requireFits(rows.schema(), text, embedding.column());
        LoadedModel model = model(spark.sparkContext(), embedding, spec(spark.sparkContext(), embedding));
        StructType schema =
                rows.schema().add(embedding.column(), DataTypes.createArrayType(DataTypes.FloatType, false), true);
        EmbedEveryRow<Row> embed = new EmbedEveryRow<>(spark.sparkContext(), model, new WithVector(index), 0);
        return rows.mapPartitions((MapPartitionsFunction<Row, Row>) embed::call, Encoders.row(schema));
    }

    /**
     * A row with its vector behind it, null where there is none. Immutable; travels to executors.
     *
     * @param text the number of the column of texts, from 0
     */
    private record WithVector(int text) implements EmbedEveryRow.Form<Row> {
        @Override
        public Optional<Input> input(Row row) {
            return Optional.ofNullable(row.getString(text))
                    .filter(given -> !Texts.isBlank(given))
                    .map(Input::of);
        }

        @Override
        public Row with(Row row, Outcome outcome) {
            return outcome instanceof Outcome.Embedded embedded
                    ? joined(row, new ArraySeq.ofFloat(embedded.vector()))
                    : without(row);
        }

        @Override
        public Row without(Row row) {
            return joined(row, null);
        }

        private static Row joined(Row row, Object vector) {
            Object[] values = new Object[row.length() + 1];
            for (int i = 0; i < row.length(); i++) {
                values[i] = row.get(i);
            }
            values[row.length()] = vector;
            return RowFactory.create(values);
        }
    }

    /**
     * The spec of an embedding, without anything open.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it does not fit; {@link ErrorKind#STORAGE} when its model cannot be
     *     copied
     */
    public static EmbedderSpec spec(SparkContext context, EmbeddingSpec embedding) {
        if (Platforms.named(embedding.platform()) instanceof FittedPlatform) {
            throw refused(
                    embedding,
                    "the platform " + embedding.platform() + " is fitted on a column, and its model kept in a store",
                    "Run a job, name the job's store in the option store of SQL's functions, or choose another platform.");
        }
        EmbedderSpec open = DescribedModel.of(context.hadoopConfiguration(), embedding.platform(), embedding.request());
        return settled(context, embedding, open, Optional.empty());
    }

    /**
     * The spec of one vector for a text, at once, without anything open.
     *
     * @param made the fingerprint of vectors that the texts' should be like, if there are some
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a text gets several vectors, or later
     */
    static EmbedderSpec settled(
            SparkContext context, EmbeddingSpec embedding, EmbedderSpec open, Optional<String> made) {
        if (open.granularity().hasSpans() || BatchWaves.areAskedFor(open)) {
            throw refused(
                    embedding,
                    "a row gets one vector, at once",
                    "Leave granularity and mode as they are, and long-text at truncate, error or split-mean.");
        }
        return new SettledSpec(context, embedding.compute().device()).of(open, made, spec -> false);
    }

    /**
     * The model of an embedding, where executors can load it.
     *
     * @param spec has nothing open
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a provider refuses the first text
     */
    public static LoadedModel model(SparkContext context, EmbeddingSpec embedding, EmbedderSpec spec) {
        EmbedderLoader loader = loader(context, spec);
        ShippedModel.offer(context, spec);
        return new LoadedModel(spec, loader, ReferenceVectorCheck.OPEN, embedding.compute());
    }

    /**
     * The number of the column of texts.
     *
     * @param vector the name of the column to add
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are no texts, or the vectors would stand in place of another column
     */
    public static int requireFits(StructType columns, String text, String vector) {
        int index = requireText(columns, text);
        requireFree(columns, vector);
        return index;
    }

    /**
     * Checks a data set whose images are to be embedded.
     *
     * @param image the column of images
     * @param vector the name of the column to add
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there are no images, or the vectors would stand in place of another column
     */
    public static void requireFitsImages(StructType columns, String image, String vector) {
        StructField field = column(columns, image);
        if (!field.dataType().equals(DataTypes.BinaryType)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed the column " + image + ": it is of type "
                            + field.dataType().sql()
                            + " (an image is the content of its file, BINARY). Read files with Spark's format binaryFile.");
        }
        requireFree(columns, vector);
    }

    private static StructField column(StructType columns, String name) {
        return Columns.find(columns, name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot embed the column " + name + ": the data set has no such column. "
                                + Columns.suggest(name, columns)));
    }

    private static int requireText(StructType columns, String text) {
        StructField field = column(columns, text);
        if (!field.dataType().equals(DataTypes.StringType)) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed the column " + text + ": it is of type "
                            + field.dataType().sql() + " (texts are embedded). Cast it to STRING.");
        }
        return columns.fieldIndex(field.name());
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the data set has a column of this name */
    public static void requireFree(StructType columns, String vector) {
        if (Columns.find(columns, vector).isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot add the column " + vector
                            + ": the data set has one of this name (a vector column is a new one). Choose another name.");
        }
    }

    private static EmbedlakeException refused(EmbeddingSpec embedding, String rule, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed a data set with " + embedding.platform() + " (" + rule + "). " + change);
    }

    /** A provider is sent a text at once, to find a wrong key before the query; its limit is shared until Spark ends. */
    private static EmbedderLoader loader(SparkContext context, EmbedderSpec spec) {
        if (ProviderPlatform.of(spec).isEmpty()) {
            return new EmbedderLoader.Plain();
        }
        LimitRoutes routes = new LimitRoutes(context, Pace.STRICT);
        context.addSparkListener(new SparkListener() {
            @Override
            public void onApplicationEnd(SparkListenerApplicationEnd end) {
                routes.close();
            }
        });
        EmbedderLoader loader = EmbedderLoader.of(spec, routes);
        loader.allow(new Spending().tokensLeft(spec));
        try (EmbedderPool.Lease lease = EmbedderPool.ofJvm().lease(spec, Device.CPU, loader, embedder -> {})) {
            lease.embedder().dimension();
        }
        return loader;
    }
}
