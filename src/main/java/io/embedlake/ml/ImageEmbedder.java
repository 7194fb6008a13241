package io.embedlake.ml;

import io.embedlake.annotation.Stable;
import io.embedlake.spark.job.RowEmbedding;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the vectors of a column of images: {@code embedlake.embed_image} as a stage of a pipeline. A column of type BINARY holds the files of
 * images, as Spark's source {@code binaryFile} reads them. The vector is null where there is no image, or one that can never be embedded. Not
 * thread-safe, as all stages of Spark ML.
 *
 * <pre>{@code
 * new ImageEmbedder().setInputCol("content").setModel("facebook/dinov2-small").setOutputCol("features").setVectorType("vector")
 * }</pre>
 *
 * <p>Params are saved as plain text: a key is given as a reference, as in job files.
 */
@Stable
public final class ImageEmbedder extends ColumnEmbedder<ImageEmbedder> {
    private static final long serialVersionUID = 1L;

    /** A stage with a name of its own. */
    public ImageEmbedder() {
        this(Identifiable$.MODULE$.randomUID("embedlake_image"));
    }

    /** A stage of this name, whose column of images is {@code content} by default. */
    public ImageEmbedder(String uid) {
        super(uid, "content", "images");
    }

    @Override
    ImageEmbedder self() {
        return this;
    }

    @Override
    String function() {
        return "embed_image";
    }

    @Override
    void requireFits(StructType schema, String input, String output) {
        RowEmbedding.requireFitsImages(schema, input, output);
    }

    @Override
    public ImageEmbedder copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads saved stages. */
    public static MLReader<ImageEmbedder> read() {
        return new DefaultParamsReader<>();
    }

    /** A saved stage. */
    public static ImageEmbedder load(String path) {
        return read().load(path);
    }
}
