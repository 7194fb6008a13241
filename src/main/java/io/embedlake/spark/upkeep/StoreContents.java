package io.embedlake.spark.upkeep;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.sum;

import io.embedlake.config.TableRef;
import io.embedlake.spark.publish.Provenance;
import io.embedlake.spark.publish.TargetTable;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a store holds, by fingerprint, and the removal of what no column uses any more. Confined to the driver. */
public final class StoreContents {
    private static final String FINGERPRINT = "fingerprint";
    private static final int BYTES_OF_FLOAT = 4;
    private static final int BYTES_OF_HASH = 64;

    private final Tables tables;
    private final TableRef store;

    /**
     * The contents of a store.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is no such table
     */
    public StoreContents(Tables tables, TableRef store) {
        if (!tables.exists(store)) {
            tables.requireMissing(store);
            throw refused("look into the store " + store
                    + ": there is no such table (the first run makes it). Run the job first.");
        }
        this.tables = tables;
        this.store = store;
    }

    /**
     * All fingerprints, those with most bytes first. Of the vectors no value is read.
     *
     * @return each fingerprint once
     */
    public List<StoredFingerprint> all() {
        Map<String, Row> whole = byFingerprint(rows(store, col("dimension")));
        Map<String, Row> spans = byFingerprint(rows(store.sibling("_spans"), expr("dimension * size(spans)")));
        Map<String, Row> rejected = byFingerprint(rows(store.sibling("_rejected"), lit(0)));
        Map<String, Row> models = models();
        Map<String, Set<String>> users = users();
        Set<String> names = new TreeSet<>(whole.keySet());
        names.addAll(spans.keySet());
        names.addAll(rejected.keySet());
        List<StoredFingerprint> all = new ArrayList<>();
        for (String name : names) {
            Optional<Row> run = Optional.ofNullable(models.get(name));
            all.add(new StoredFingerprint(
                    name,
                    run.map(row -> row.getString(1)).orElse("unknown"),
                    number(whole, name, 1) + number(spans, name, 1),
                    number(rejected, name, 1),
                    number(whole, name, 2) + number(spans, name, 2),
                    List.copyOf(users.getOrDefault(name, Set.of())),
                    lastUsed(name, whole, spans, rejected, models)));
        }
        all.sort(Comparator.comparingLong(StoredFingerprint::bytes).reversed());
        return all;
    }

    private static long number(Map<String, Row> rows, String fingerprint, int column) {
        return Optional.ofNullable(rows.get(fingerprint))
                .map(row -> row.getLong(column))
                .orElse(0L);
    }

    /** When a run last wrote vectors or texts of it, or published what it was made of. */
    private static Instant lastUsed(
            String name,
            Map<String, Row> whole,
            Map<String, Row> spans,
            Map<String, Row> rejected,
            Map<String, Row> models) {
        return Stream.of(whole, spans, rejected, models)
                .map(rows -> rows.get(name))
                .filter(row -> row != null)
                .map(row -> row.getTimestamp(row.size() - 1).toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** The rows of a table: {@code fingerprint, floats, created_at}; nothing when there is no table. */
    private Optional<Dataset<Row>> rows(TableRef table, Column floats) {
        return tables.exists(table)
                ? Optional.of(tables.read(table).select(col(FINGERPRINT), floats.as("floats"), col("created_at")))
                : Optional.empty();
    }

    private static Map<String, Row> byFingerprint(Optional<Dataset<Row>> rows) {
        Map<String, Row> found = new TreeMap<>();
        rows.ifPresent(all -> all.groupBy(FINGERPRINT)
                .agg(
                        count(lit(1)),
                        sum(coalesce(col("floats"), lit(0))
                                .cast("bigint")
                                .multiply(BYTES_OF_FLOAT)
                                .plus(BYTES_OF_HASH)),
                        max("created_at"))
                .collectAsList()
                .forEach(row -> found.put(row.getString(0), row)));
        return found;
    }

    /** The model of each fingerprint, and when a run last succeeded with it. */
    private Map<String, Row> models() {
        Map<String, Row> models = new TreeMap<>();
        new RunLog(tables, store).rows().ifPresent(runs -> runs.select(col("started_at"), expr("inline(columns)"))
                .groupBy(FINGERPRINT)
                .agg(max_by(col("model"), col("started_at")), max("started_at"))
                .collectAsList()
                .forEach(row -> models.put(row.getString(0), row)));
        return models;
    }

    /** The columns of all targets that runs have published to, by the fingerprint that they have now. */
    private Map<String, Set<String>> users() {
        Map<String, Set<String>> users = new TreeMap<>();
        for (TableRef table : new RunLog(tables, store).targets()) {
            TargetTable target = TargetTable.open(tables, table);
            for (String column : target.columns().fieldNames()) {
                target.provenance(column).map(Provenance::fingerprint).ifPresent(used -> users.computeIfAbsent(
                                used, ignored -> new TreeSet<>())
                        .add(column + " of " + table));
            }
        }
        return users;
    }

    /**
     * Removes a fingerprint: its vectors, its rejected texts and its reducers. Its files go with the next VACUUM of these tables.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when a column uses it; {@link ErrorKind#STORAGE} when a table cannot be
     *     written, or another writer was faster
     */
    public void remove(StoredFingerprint stored) {
        stored.requireUnused();
        for (String suffix : List.of("_rejected", "_reducers", "_spans", "")) {
            TableRef table = suffix.isEmpty() ? store : store.sibling(suffix);
            if (tables.exists(table)) {
                Failures.on(
                        "write the table " + table,
                        "Start it again, and check that it can be written.",
                        () -> tables.delta(table).delete(col(FINGERPRINT).equalTo(stored.fingerprint())));
            }
        }
    }

    private static EmbedlakeException refused(String sentence) {
        return new EmbedlakeException(ErrorKind.CONFIGURATION, "Cannot " + sentence);
    }
}
