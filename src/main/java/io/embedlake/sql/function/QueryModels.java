package io.embedlake.sql.function;

import io.embedlake.config.JobFile;
import io.embedlake.spark.executor.LoadedModel;
import io.embedlake.spark.job.RowEmbedding;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The models of a session's queries. A model is described and offered to executors once, and a provider's budget covers all queries of the
 * session that ask for the same. Thread-safe; lives on the driver.
 */
public final class QueryModels {
    /** Settings of the session that count as options of every call, such as {@code embedlake.terms-accepted}. */
    private static final String PREFIX = "embedlake.";

    private static final Set<String> OF_CALLS =
            new TreeSet<>(Set.of("allowed-hosts", "limits", "proxy", "terms-accepted"));
    private static final Set<String> NOT_OF_CALLS = Set.of("column", "attribute", "reduce");

    private final Map<Map<String, String>, LoadedModel> models = new HashMap<>();

    /** None yet. */
    public QueryModels() {}

    /** The call with its model. */
    synchronized ModelCall call(WrittenCall written) {
        SparkSession spark = SparkSession.active();
        Map<String, String> options = options(written, spark);
        LoadedModel model = models.get(options);
        if (model == null) {
            model = RowEmbedding.model(
                    spark.sparkContext(),
                    JobFile.embedding(options, System.getenv(), Path.of("").toAbsolutePath()));
            models.put(options, model);
        }
        return new ModelCall(model, written.value());
    }

    private static void requireOfModel(String option) {
        String first = option.replaceFirst("[.\\[].*", "");
        boolean isOfCalls = JobFile.isOfJob(option) ? OF_CALLS.contains(first) : !NOT_OF_CALLS.contains(first);
        if (!isOfCalls) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed in a query with the option " + option
                            + " (a query writes no column: its options are the keys of a column that say what embeds, and "
                            + String.join(", ", OF_CALLS) + "). Remove it, or run a job.");
        }
    }

    /** Options of the call count more than settings of the session. */
    private static Map<String, String> options(WrittenCall written, SparkSession spark) {
        Map<String, String> options = new TreeMap<>();
        CollectionConverters.asJava(spark.conf().getAll()).forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                options.put(key.substring(PREFIX.length()), value);
            }
        });
        options.putAll(written.options());
        options.keySet().forEach(QueryModels::requireOfModel);
        written.model().ifPresent(model -> options.put("model", "'" + model.replace("'", "''") + "'"));
        return options;
    }
}
