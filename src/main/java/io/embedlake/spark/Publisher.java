package io.embedlake.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaMergeBuilder;
import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.RunId;
import io.embedlake.spark.store.Tables;
import io.embedlake.spark.store.VectorStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Sets the vector columns of the target in one commit, so that readers see all of a run or nothing of it. Confined to the
 * driver.
 *
 * <p>The rows whose vectors differ from what they should be are found first and merged alone, so that a commit rewrites only
 * the files it must. What becomes of a row:
 *
 * <ul>
 *   <li>its text is new or changed: it gets the text's vector;
 *   <li>its text is null, blank or rejected, or {@code where} leaves it out: it gets a null vector;
 *   <li>it is in another target than the source, and gone from the source: its vector becomes null, or the row is deleted
 *       where embedlake made the target as a copy of the source;
 *   <li>it is in the source only: it is inserted with the columns that both tables have.
 * </ul>
 *
 * <p>Between finding a row and merging it somebody may change its text: the merge compares the hash again and leaves such a
 * row for the next run.
 */
final class Publisher {
    private static final int ATTEMPTS = 4;
    private static final String VECTOR = SourceRows.PREFIX + "vector_";
    private static final String PUBLISHED = SourceRows.PREFIX + "published_";
    private static final String IN_SOURCE = SourceRows.PREFIX + "in_source";
    private static final String IN_TARGET = SourceRows.PREFIX + "in_target";
    private static final String TARGET_ALIAS = "t";
    private static final String CHANGES_ALIAS = "s";

    /**
     * A vector column to publish.
     *
     * @param embedding which of the job's embeddings makes it
     * @param name its name
     * @param type its type in SQL
     * @param vectors {@code content_hash, vector}, each hash once
     * @param provenance what made the vectors
     */
    record PublishedColumn(int embedding, String name, String type, Dataset<Row> vectors, Provenance provenance) {}

    /**
     * What was done to the target.
     *
     * @param rows how many rows changed
     * @param commits how many versions that made
     */
    record Published(long rows, long commits) {
        static final Published NOTHING = new Published(0, 0);
    }

    private final Tables tables;
    private final JobSpec job;
    private final RunId run;
    private final TargetShape shape;

    Publisher(Tables tables, JobSpec job, RunId run) {
        this.tables = tables;
        this.job = job;
        this.run = run;
        this.shape = TargetShape.of(job);
    }

    /**
     * Publishes; tries again with a new look at both tables when another writer was faster.
     *
     * @param columns those of all embeddings of the job, in its order
     * @return what was changed
     */
    Published publish(List<PublishedColumn> columns) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Failures.on(
                        "publish to the table " + job.target().table(),
                        "Check that it can be written.",
                        () -> publishOnce(SourceRows.read(tables, job), columns));
            } catch (DeltaConcurrentModificationException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Published publishOnce(SourceRows source, List<PublishedColumn> columns) {
        TargetTable target = TargetTable.open(tables, job.target().table());
        if (target.rows().isEmpty()) {
            return create(withVectors(source.selected(), columns), source, columns);
        }
        boolean inPlace = job.isInPlace();
        Dataset<Row> compared =
                inPlace ? besideOwnVectors(source, target, columns) : besideTarget(source, target, columns);
        try (KeptRows changes = KeptRows.of(compared.where(changed(source, target, columns, inPlace)))) {
            if (changes.count() > 0 || columns.stream().anyMatch(column -> isMissing(target, column))) {
                int announced = announce(target, columns);
                merge(changes.rows(), source, target, columns, inPlace);
                setProperties(properties(columns));
                return new Published(changes.count(), announced + 2);
            }
            if (!isTold(target, columns)) {
                // A run ended between its merge and this.
                setProperties(properties(columns));
                return new Published(0, 1);
            }
            return Published.NOTHING;
        }
    }

    /** A target that is not there yet is made as a copy of the source's rows, vectors included. */
    private Published create(Dataset<Row> rows, SourceRows source, List<PublishedColumn> columns) {
        List<Column> selected = Arrays.stream(shape.columns(source.columns()).fieldNames())
                .map(name -> col(Columns.quoted(name)))
                .collect(Collectors.toCollection(ArrayList::new));
        for (int i = 0; i < columns.size(); i++) {
            PublishedColumn column = columns.get(i);
            selected.add(col(VECTOR + i).as(column.name(), column.provenance().metadata()));
        }
        TableRef table = job.target().table();
        var writer = rows.select(selected.toArray(Column[]::new))
                .writeTo(table.sql())
                .using("delta");
        Map<String, String> properties = properties(columns);
        properties.put(TargetTable.MIRROR, "true");
        for (Map.Entry<String, String> property : properties.entrySet()) {
            writer = writer.tableProperty(property.getKey(), property.getValue());
        }
        create(writer);
        return new Published(tables.read(table).count(), 1);
    }

    private static void create(CreateTableWriter<Row> writer) {
        try {
            writer.create();
        } catch (AnalysisException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot make the target (" + Failures.brief(e) + "). Check its name and start the job again.",
                    e);
        }
    }

    /** The rows with the vectors they should have. */
    private Dataset<Row> withVectors(Dataset<Row> rows, List<PublishedColumn> columns) {
        Dataset<Row> joined = rows;
        for (int i = 0; i < columns.size(); i++) {
            Dataset<Row> vectors = columns.get(i)
                    .vectors()
                    .select(
                            col(VectorStore.CONTENT_HASH).as(SourceRows.PREFIX + "key_" + i),
                            col(VectorStore.VECTOR).as(VECTOR + i));
            joined = joined.join(
                    vectors,
                    col(SourceRows.hash(columns.get(i).embedding())).equalTo(col(SourceRows.PREFIX + "key_" + i)),
                    "left");
        }
        return shape.rows(joined, VECTOR + 0);
    }

    /** The source is the target: its rows stand beside their own vectors. */
    private Dataset<Row> besideOwnVectors(SourceRows source, TargetTable target, List<PublishedColumn> columns) {
        Dataset<Row> rows = withVectors(source.all(), columns);
        for (int i = 0; i < columns.size(); i++) {
            rows = rows.withColumn(PUBLISHED + i, published(target, columns.get(i)));
        }
        return rows.withColumn(IN_SOURCE, lit(true)).withColumn(IN_TARGET, lit(true));
    }

    /** The target is another table: its rows are matched with the source's by id. */
    private Dataset<Row> besideTarget(SourceRows source, TargetTable target, List<PublishedColumn> columns) {
        List<Column> kept = new ArrayList<>();
        List<String> ids = shape.ids();
        for (int i = 0; i < ids.size(); i++) {
            kept.add(col(Columns.quoted(ids.get(i))).as(PUBLISHED + "id_" + i));
        }
        for (int i = 0; i < columns.size(); i++) {
            kept.add(published(target, columns.get(i)).as(PUBLISHED + i));
        }
        for (String name : sharedColumns(source, target)) {
            kept.add(col(Columns.quoted(name)).as(PUBLISHED + "own_" + name));
        }
        Dataset<Row> targetRows =
                target.rows().orElseThrow().select(kept.toArray(Column[]::new)).withColumn(IN_TARGET, lit(true));
        Column sameId = IntStream.range(0, ids.size())
                .mapToObj(i -> col(SourceRows.id(i)).equalTo(col(PUBLISHED + "id_" + i)))
                .reduce(Column::and)
                .orElseThrow();
        Dataset<Row> rows = withVectors(source.selected(), columns)
                .withColumn(IN_SOURCE, lit(true))
                .join(targetRows, sameId, "full_outer")
                .withColumn(IN_SOURCE, coalesce(col(IN_SOURCE), lit(false)))
                .withColumn(IN_TARGET, coalesce(col(IN_TARGET), lit(false)));
        for (int i = 0; i < ids.size(); i++) {
            rows = rows.withColumn(SourceRows.id(i), coalesce(col(SourceRows.id(i)), col(PUBLISHED + "id_" + i)));
        }
        return rows;
    }

    private static Column published(TargetTable target, PublishedColumn column) {
        return isMissing(target, column) ? lit(null).cast(column.type()) : col(Columns.quoted(column.name()));
    }

    private static boolean isMissing(TargetTable target, PublishedColumn column) {
        return Columns.find(target.columns(), column.name()).isEmpty();
    }

    private Column changed(SourceRows source, TargetTable target, List<PublishedColumn> columns, boolean inPlace) {
        Column differs = IntStream.range(0, columns.size())
                .mapToObj(i -> not(col(VECTOR + i).eqNullSafe(col(PUBLISHED + i))))
                .reduce(Column::or)
                .orElseThrow();
        if (inPlace) {
            return differs;
        }
        Column inserted = not(col(IN_TARGET));
        if (!target.isMirror()) {
            return differs.or(inserted);
        }
        Column deleted = not(col(IN_SOURCE));
        return comparableColumns(source, target).stream()
                .map(name -> not(col(Columns.quoted(name)).eqNullSafe(col(Columns.quoted(PUBLISHED + "own_" + name)))))
                .reduce(differs.or(inserted).or(deleted), Column::or);
    }

    /** The source's columns that the target has too, but for the vector columns. */
    private List<String> sharedColumns(SourceRows source, TargetTable target) {
        return Arrays.stream(shape.columns(source.columns()).fieldNames())
                .filter(name -> Columns.find(target.columns(), name).isPresent())
                .filter(name -> job.vectorColumns().stream().noneMatch(name::equalsIgnoreCase))
                .toList();
    }

    private List<String> comparableColumns(SourceRows source, TargetTable target) {
        StructType columns = shape.columns(source.columns());
        return sharedColumns(source, target).stream()
                .filter(name -> Columns.isComparable(columns.apply(name)))
                .toList();
    }

    private void merge(
            Dataset<Row> changes,
            SourceRows source,
            TargetTable target,
            List<PublishedColumn> columns,
            boolean inPlace) {
        Map<String, String> vectors = new LinkedHashMap<>();
        List<Column> selected = new ArrayList<>(List.of(col(IN_SOURCE)));
        shape.derivedIds().forEach(id -> selected.add(col(id)));
        String unchanged = "true";
        for (int i = 0; i < columns.size(); i++) {
            PublishedColumn column = columns.get(i);
            // The alias carries the metadata into the schema when the merge adds the column.
            selected.add(col(VECTOR + i).as(column.name(), column.provenance().metadata()));
            vectors.put(Columns.quoted(column.name()), CHANGES_ALIAS + "." + Columns.quoted(column.name()));
        }
        for (int i = 0; i < job.embeddings().size(); i++) {
            selected.add(col(SourceRows.hash(i)));
            unchanged += " AND (" + CHANGES_ALIAS + "." + SourceRows.hash(i) + " IS NULL OR " + CHANGES_ALIAS + "."
                    + SourceRows.hash(i) + " <=> " + source.hashExpression(i) + ")";
        }
        Map<String, String> all = new LinkedHashMap<>(vectors);
        if (!inPlace) {
            for (String name : sharedColumns(source, target)) {
                selected.add(col(Columns.quoted(name)).as(SourceRows.PREFIX + "own_" + name));
                all.put(Columns.quoted(name), CHANGES_ALIAS + "." + Columns.quoted(SourceRows.PREFIX + "own_" + name));
            }
        }
        DeltaMergeBuilder merge = tables.delta(job.target().table())
                .as(TARGET_ALIAS)
                .merge(changes.select(selected.toArray(Column[]::new)).as(CHANGES_ALIAS), sameId())
                .withSchemaEvolution();
        if (inPlace) {
            merge = merge.whenMatched(unchanged).updateExpr(vectors);
        } else if (target.isMirror()) {
            merge = merge.whenMatched("NOT " + CHANGES_ALIAS + "." + IN_SOURCE)
                    .delete()
                    .whenMatched()
                    .updateExpr(all)
                    .whenNotMatched()
                    .insertExpr(all);
        } else {
            merge = merge.whenMatched().updateExpr(vectors).whenNotMatched().insertExpr(all);
        }
        merge.execute();
    }

    private String sameId() {
        List<String> ids = shape.ids();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> TARGET_ALIAS + "." + Columns.quoted(ids.get(i)) + " = " + CHANGES_ALIAS + "."
                        + SourceRows.id(i))
                .collect(Collectors.joining(" AND "));
    }

    /** Whether the table's properties say what made its columns. */
    private static boolean isTold(TargetTable target, List<PublishedColumn> columns) {
        return columns.stream().allMatch(column -> target.properties()
                .entrySet()
                .containsAll(column.provenance().properties(column.name()).entrySet()));
    }

    private Map<String, String> properties(List<PublishedColumn> columns) {
        Map<String, String> properties = new TreeMap<>();
        for (PublishedColumn column : columns) {
            properties.putAll(column.provenance().properties(column.name()));
            properties.put(Provenance.runProperty(column.name()), run.text());
        }
        return properties;
    }

    /**
     * Vectors and the properties that name their reducer cannot change in one commit: where another reducer comes, the table says so
     * first, so that nobody compares vectors of both.
     *
     * @return how many commits it took
     */
    private int announce(TargetTable target, List<PublishedColumn> columns) {
        Map<String, String> announced = new TreeMap<>();
        for (PublishedColumn column : columns) {
            target.provenance(column.name())
                    .filter(made -> !made.reducer().equals(column.provenance().reducer()))
                    .ifPresent(made -> announced.put(
                            Provenance.announcedProperty(column.name()),
                            column.provenance().reducer()));
        }
        if (announced.isEmpty()) {
            return 0;
        }
        setProperties(announced);
        return 1;
    }

    private void setProperties(Map<String, String> properties) {
        String list = properties.entrySet().stream()
                .map(property -> literal(property.getKey()) + " = " + literal(property.getValue()))
                .collect(Collectors.joining(", "));
        tables.sql(
                "set the properties of " + job.target().table(),
                "ALTER TABLE " + job.target().table().sql() + " SET TBLPROPERTIES (" + list + ")");
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
