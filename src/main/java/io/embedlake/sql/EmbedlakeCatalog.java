package io.embedlake.sql;

import io.embedlake.spark.Sessions;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.sql.function.EmbedFunction;
import io.embedlake.sql.function.EmbeddedValue;
import io.embedlake.sql.function.FunctionRules;
import io.embedlake.sql.function.QueryModels;
import io.embedlake.sql.function.VersionFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.ProcedureCatalog;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The procedures and functions of SQL, for {@code spark.sql.catalog.embedlake}, which may be set in a running session:
 *
 * <pre>{@code
 * SET spark.sql.catalog.embedlake = io.embedlake.sql.EmbedlakeCatalog;
 * CALL embedlake.run('jobs/reviews.yaml');
 * CALL embedlake.search('reviews', 'text_embedding', 'late delivery', k => 5);
 * SHOW PROCEDURES IN embedlake;
 * SELECT id, embedlake.embed(text, 'BAAI/bge-small-en-v1.5') AS vector FROM reviews;
 * }</pre>
 *
 * It has no tables. Procedures and functions are called without a namespace or in {@code system}. Thread-safe.
 */
public final class EmbedlakeCatalog implements ProcedureCatalog, FunctionCatalog {
    private static final String SYSTEM = "system";

    private final List<UnboundFunction> functions = functions(new QueryModels());
    private volatile String name = "embedlake";

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} in a session that embedlake cannot run in */
    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap options) {
        name = catalog;
        FunctionRules.install(Sessions.usable(SparkSession.active()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Identifier[] listProcedures(String[] namespace) {
        return isOwn(namespace)
                ? Procedures.ALL.stream()
                        .map(procedure -> Identifier.of(namespace, procedure.name()))
                        .toArray(Identifier[]::new)
                : new Identifier[0];
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such procedure */
    @Override
    public UnboundProcedure loadProcedure(Identifier identifier) {
        return Procedures.ALL.stream()
                .filter(procedure ->
                        isOwn(identifier.namespace()) && procedure.name().equalsIgnoreCase(identifier.name()))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot call the procedure: " + name + "." + path(identifier) + " (the procedures are "
                                + names() + "). Correct its name."));
    }

    /** The name of this catalog in a session, which gets it under the usual name where it has none. */
    public static String in(SparkSession spark) {
        Map<String, String> settings = CollectionConverters.asJava(spark.conf().getAll());
        return settings.entrySet().stream()
                .filter(setting -> setting.getKey().matches("spark\\.sql\\.catalog\\.[^.]+")
                        && setting.getValue().equals(EmbedlakeCatalog.class.getName()))
                .map(setting -> setting.getKey().substring("spark.sql.catalog.".length()))
                .findFirst()
                .orElseGet(() -> {
                    spark.conf().set("spark.sql.catalog.embedlake", EmbedlakeCatalog.class.getName());
                    return "embedlake";
                });
    }

    private static List<UnboundFunction> functions(QueryModels models) {
        return Stream.concat(
                        Stream.of(EmbeddedValue.values())
                                .<UnboundFunction>map(value -> new EmbedFunction(value, models)),
                        Stream.of(new VersionFunction()))
                .toList();
    }

    @Override
    public Identifier[] listFunctions(String[] namespace) {
        return isOwn(namespace)
                ? functions.stream()
                        .map(function -> Identifier.of(namespace, function.name()))
                        .toArray(Identifier[]::new)
                : new Identifier[0];
    }

    @Override
    public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
        return functions.stream()
                .filter(function ->
                        isOwn(identifier.namespace()) && function.name().equalsIgnoreCase(identifier.name()))
                .findFirst()
                .orElseThrow(() -> new NoSuchFunctionException(identifier));
    }

    private static boolean isOwn(String[] namespace) {
        return namespace.length == 0 || namespace.length == 1 && namespace[0].equalsIgnoreCase(SYSTEM);
    }

    private static String path(Identifier identifier) {
        List<String> parts = new java.util.ArrayList<>(Arrays.asList(identifier.namespace()));
        parts.add(identifier.name());
        return String.join(".", parts);
    }

    private static String names() {
        return Procedures.ALL.stream().map(Procedure::name).collect(Collectors.joining(", "));
    }
}
