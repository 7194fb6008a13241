package io.embedlake.ml;

import io.embedlake.annotation.Stable;
import io.embedlake.spark.job.RowEmbedding;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the vectors of a column of texts: {@code embedlake.embed} as a stage of a pipeline. The vector is null where the text is null, blank or
 * can never be embedded. Not thread-safe, as all stages of Spark ML.
 *
 * <pre>{@code
 * Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
 *     new TextEmbedder().setInputCol("text").setOutputCol("features").setVectorType("vector"),
 *     new LogisticRegression()
 * });
 * }</pre>
 *
 * <p>Params are saved as plain text: a key is given as a reference, as in job files.
 */
@Stable
public final class TextEmbedder extends ColumnEmbedder<TextEmbedder> {
    private static final long serialVersionUID = 1L;

    /** A stage with a name of its own. */
    public TextEmbedder() {
        this(Identifiable$.MODULE$.randomUID("embedlake_text"));
    }

    /** A stage of this name, whose column of texts is {@code text} by default. */
    public TextEmbedder(String uid) {
        super(uid, "text", "texts");
    }

    @Override
    TextEmbedder self() {
        return this;
    }

    @Override
    String function() {
        return "embed";
    }

    @Override
    void requireFits(StructType schema, String input, String output) {
        RowEmbedding.requireFits(schema, input, output);
    }

    @Override
    public TextEmbedder copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads saved stages. */
    public static MLReader<TextEmbedder> read() {
        return new DefaultParamsReader<>();
    }

    /** A saved stage. */
    public static TextEmbedder load(String path) {
        return read().load(path);
    }
}
