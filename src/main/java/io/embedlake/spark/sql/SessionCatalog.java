package io.embedlake.spark.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import scala.Option;

/** What Spark's own catalog has on tables that do not exist yet. Stateless. */
public final class SessionCatalog {
    private static final String NAME = "spark_catalog";

    private SessionCatalog() {}

    /**
     * The location of a table of this name; empty when another catalog decides that.
     *
     * @param name the parts of the table's name: the table alone, with its schema, or with its catalog and schema
     */
    public static Optional<String> newLocation(SparkSession spark, List<String> name) {
        Deque<String> parts = new ArrayDeque<>(name);
        TableIdentifier table = new TableIdentifier(parts.removeLast(), Option.apply(parts.pollLast()));
        String catalog = parts.isEmpty() ? spark.catalog().currentCatalog() : parts.removeLast();
        return catalog.equals(NAME)
                ? Optional.of(
                        spark.sessionState().catalog().defaultTablePath(table).toString())
                : Optional.empty();
    }
}
