package io.embedlake.sql.function;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobFile;
import io.embedlake.reduce.NoReduction;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.job.RowEmbedding;
import io.embedlake.spark.job.StoredColumn;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The models of a session's queries. A model is described and offered to executors once, and a provider's budget covers all queries of the
 * session that ask for the same. Thread-safe; lives on the driver.
 */
public final class QueryModels {
    private static final Reduction NOTHING = Reduction.of(new NoReduction());

    private final Map<Asked, Made> made = new HashMap<>();
    private final Map<Model, LoadedModel> models = new HashMap<>();

    /** What a call asks for: its options, and the versions of what the store has that they name. */
    private record Asked(CallOptions options, List<TableVersion> store) {}

    /** What makes its vectors. */
    private record Made(LoadedModel model, Reduction reduction) {}

    /** What one model is loaded for. */
    private record Model(Map<String, String> keys, String fingerprint) {}

    /** None yet. */
    public QueryModels() {}

    /** The call with its model. */
    synchronized ModelCall call(WrittenCall written) {
        Tables tables = new Tables(SparkSession.active());
        CallOptions options =
                CallOptions.of(CollectionConverters.asJava(tables.spark().conf().getAll()), written);
        Asked asked = new Asked(
                options,
                options.store()
                        .map(store -> StoredColumn.versions(tables, store))
                        .orElse(List.of()));
        Made found = made.get(asked);
        if (found == null) {
            found = make(options, tables);
            made.put(asked, found);
        }
        written.value().requireFits(found.reduction());
        requireTakes(written, found.model().spec());
        return new ModelCall(found.model(), found.reduction(), written.value());
    }

    private static void requireTakes(WrittenCall written, EmbedderSpec spec) {
        if (written.input() != spec.inputs()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot call " + written.value().function() + " with "
                            + written.input().inWords() + ": "
                            + spec.label() + " takes " + spec.inputs()
                            + "s (an image is BINARY, a text STRING). Give it "
                            + spec.inputs().inWords() + ", or name another model.");
        }
    }

    private Made make(CallOptions options, Tables tables) {
        SparkContext context = tables.spark().sparkContext();
        Optional<StoredColumn> column = options.store().map(store -> options.reducer()
                .map(name -> StoredColumn.ofReducer(tables, store, name, options.column()))
                .orElseGet(() -> StoredColumn.ofModel(tables, store, options.platform(), options.column())));
        Map<String, String> keys = column.map(options::keys).orElse(options.keys());
        EmbeddingSpec embedding =
                JobFile.embedding(keys, System.getenv(), Path.of("").toAbsolutePath());
        EmbedderSpec spec =
                column.map(stored -> stored.spec(embedding)).orElseGet(() -> RowEmbedding.spec(context, embedding));
        Model key = new Model(CallOptions.ofModel(keys), spec.fingerprint().hash());
        LoadedModel model = models.get(key);
        if (model == null) {
            model = RowEmbedding.model(context, embedding, spec);
            models.put(key, model);
        }
        return new Made(model, column.map(StoredColumn::reduction).orElse(NOTHING));
    }
}
