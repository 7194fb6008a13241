package io.embedlake.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.config.SourceSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spark.change.ChangedFiles;
import io.embedlake.spark.image.HashFiles;
import io.embedlake.spark.image.ImageFiles;
import io.embedlake.spark.sql.ImageFolder;
import io.embedlake.spark.sql.KeptRows;
import io.embedlake.spark.store.Failures;
import io.embedlake.spark.store.TableVersion;
import io.embedlake.spark.store.Tables;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of a job's source, with what the job derives from them: the ids, and for each embedding the text
 * and its hash. Immutable; lazy.
 *
 * <p>Every query on them sees the same rows: a Delta table is read in one version, files as they were listed once. Rows that come or
 * change later belong to the next run. Of views and of tables of other formats each query sees what is there when it runs.
 *
 * <p>Derived columns begin with {@value #PREFIX}, so that they never meet a user's column. A row that the source's
 * {@code where} leaves out has null texts and hashes. The hash of an image that a path names is of its file's content: each file is read
 * once for it, when the first query needs it, and the hashes are kept until the rows are closed.
 */
public final class SourceRows implements AutoCloseable {
    public static final String PREFIX = "__embedlake_";

    private static final String SELECTED = PREFIX + "selected";
    private static final int FEW = 10_000;

    private final SourceSpec source;
    private final Optional<TableVersion> version;
    private final boolean inPlace;
    private final StructType columns;
    private final Dataset<Row> rows;
    private final List<SourceText> texts;
    private final List<Dataset<Row>> files;
    private final Optional<Changes> changes;

    private SourceRows(
            JobSpec job,
            Optional<TableVersion> version,
            StructType columns,
            Dataset<Row> rows,
            List<AttributeSql> attributes,
            List<InputForm> forms,
            List<Dataset<Row>> files,
            Optional<Changes> changes) {
        this.source = job.source();
        this.version = version;
        this.inPlace = job.isInPlace();
        this.columns = columns;
        this.rows = rows;
        this.texts = IntStream.range(0, attributes.size())
                .mapToObj(i -> new SourceText(this, i, attributes.get(i), forms.get(i)))
                .toList();
        this.files = List.copyOf(files);
        this.changes = changes;
    }

    /**
     * What rows that are only the changed ones of a source know of the others. Immutable.
     *
     * @param whole all rows of the source
     * @param kept the rows, computed once; nothing where they are too large to be kept
     * @param gone the ids of the rows that may be gone; nothing where there are none for sure, or the source is the target, which then has
     *     lost them too
     * @param count how many rows have changed or may be gone
     * @param ranges of the first parts of their ids
     */
    private record Changes(
            SourceRows whole, Optional<KeptRows> kept, Optional<KeptRows> gone, long count, IdRanges ranges)
            implements AutoCloseable {
        /** Of changed rows, computed or not. */
        static Changes of(SourceRows whole, Dataset<Row> rows, Optional<KeptRows> kept, Optional<KeptRows> gone) {
            long count = kept.map(KeptRows::count).orElseGet(rows::count)
                    + gone.map(KeptRows::count).orElse(0L);
            return new Changes(whole, kept, gone, count, IdRanges.of(withGone(rows, gone, whole), id(0), count));
        }

        /** The ids of changed rows, and of those that may be gone. */
        private static Dataset<Row> withGone(Dataset<Row> changed, Optional<KeptRows> gone, SourceRows whole) {
            Dataset<Row> ids = changed.select(whole.idColumns());
            return gone.map(some -> ids.union(some.rows())).orElse(ids);
        }

        @Override
        public void close() {
            kept.ifPresent(KeptRows::close);
            gone.ifPresent(KeptRows::close);
        }
    }

    /**
     * Reads a source in its newest version, as {@link #read(Tables, JobSpec, Optional)} does.
     *
     * @throws EmbedlakeException as {@link #read(Tables, JobSpec, Optional)} does
     */
    public static SourceRows read(Tables tables, JobSpec job) {
        return read(tables, job, tables.newestVersion(job.source().table()));
    }

    /**
     * Reads a source and checks that the job fits its columns. Looks at no row.
     *
     * @param version which version of it, where it has versions
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot be read, {@link ErrorKind#CONFIGURATION} when it
     *     lacks what the job names
     */
    public static SourceRows read(Tables tables, JobSpec job, Optional<TableVersion> version) {
        return of(tables, job, version, tables.readAll(job.source().table(), version));
    }

    private static SourceRows of(Tables tables, JobSpec job, Optional<TableVersion> version, Dataset<Row> table) {
        StructType all = table.schema();
        StructType columns = shown(job, all);
        List<Column> derived = new ArrayList<>(List.of(col("*")));
        for (int i = 0; i < job.source().id().size(); i++) {
            derived.add(col(idColumn(job.source().id().get(i), columns)).as(id(i)));
        }
        List<AttributeSql> attributes = new ArrayList<>();
        for (int i = 0; i < job.embeddings().size(); i++) {
            AttributeSql sql = attribute(job, i, all);
            attributes.add(sql);
            derived.add(when(col(SELECTED), expr(sql.content())).as(SourceText.text(i)));
            if (sql.form() != AttributeSql.Form.PATH) {
                derived.add(when(col(SELECTED), expr(sql.hash())).as(SourceText.hash(i)));
                derived.add(when(col(SELECTED), expr(sql.size())).as(SourceText.size(i)));
            }
        }
        Dataset<Row> rows = table.withColumn(SELECTED, selected(table, job)).select(derived.toArray(Column[]::new));
        List<InputForm> forms = new ArrayList<>();
        List<Dataset<Row>> files = new ArrayList<>();
        for (int i = 0; i < attributes.size(); i++) {
            InputForm form = form(tables, job.embeddings().get(i), attributes.get(i));
            if (form instanceof InputForm.Paths paths) {
                Dataset<Row> hashed = hashed(rows, SourceText.text(i), paths.files());
                files.add(hashed);
                rows = withHashes(rows, hashed, i);
            }
            forms.add(form);
        }
        return new SourceRows(job, version, columns, rows, attributes, forms, files, Optional.empty());
    }

    /**
     * The rows of this source that are not as an earlier run has seen them. Computed once, and kept until they are closed.
     *
     * @param job the job, whose texts are no paths of files
     * @param files where they are, and where they were
     * @return empty where this Delta Lake does not read single files
     */
    public Optional<SourceRows> changed(Tables tables, JobSpec job, ChangedFiles files) {
        Optional<Dataset<Row>> later = tables.read(source.table(), version.orElseThrow(), files.now());
        Optional<Dataset<Row>> earlier = tables.read(source.table(), version.orElseThrow(), files.before());
        if (later.isEmpty() || earlier.isEmpty()) {
            return Optional.empty();
        }
        SourceRows now = of(tables, job, version, later.get());
        SourceRows before = of(tables, job, version, earlier.get());
        boolean areNew = files.before().isEmpty();
        Dataset<Row> changed = areNew ? now.rows : now.notIn(before, job);
        boolean isLarge = texts.stream().anyMatch(SourceText::isLarge);
        List<KeptRows> kept = new ArrayList<>();
        try {
            Optional<KeptRows> own = isLarge ? Optional.empty() : Optional.of(KeptRows.of(now.needed(changed, job)));
            own.ifPresent(kept::add);
            Optional<KeptRows> gone =
                    inPlace || areNew ? Optional.empty() : Optional.of(KeptRows.of(now.goneSince(before)));
            gone.ifPresent(kept::add);
            Dataset<Row> rows = own.map(KeptRows::rows).orElse(changed);
            return Optional.of(new SourceRows(
                    job,
                    version,
                    columns,
                    rows,
                    texts.stream().map(SourceText::attribute).toList(),
                    texts.stream().map(SourceText::form).toList(),
                    List.of(),
                    Optional.of(Changes.of(this, rows, own, gone))));
        } catch (Exception e) {
            kept.forEach(KeptRows::close);
            throw e;
        }
    }

    /** The ids of earlier rows that are not among these. */
    private Dataset<Row> goneSince(SourceRows before) {
        return before.rows
                .select(idColumns())
                .join(rows, CollectionConverters.asScala(ids()).toSeq(), "left_anti")
                .distinct();
    }

    /** Without the columns that nothing is made of. */
    private Dataset<Row> needed(Dataset<Row> some, JobSpec job) {
        if (!inPlace) {
            return some;
        }
        String[] others = Arrays.stream(columns.fieldNames())
                .filter(name -> job.vectorColumns().stream().noneMatch(name::equalsIgnoreCase))
                .toArray(String[]::new);
        return some.drop(others);
    }

    /** Rows that are not among others, or are there with another content that the job depends on. */
    private Dataset<Row> notIn(SourceRows others, JobSpec job) {
        List<Column> content = new ArrayList<>(published());
        texts.forEach(text -> content.add(col(text.hash())));
        if (inPlace) {
            job.vectorColumns().stream()
                    .flatMap(name -> Columns.find(columns, name).stream())
                    .forEach(field -> content.add(col(Columns.quoted(field.name()))));
        }
        content.add(col(SELECTED));
        String whole = PREFIX + "content";
        String other = PREFIX + "other_content";
        List<String> otherIds = IntStream.range(0, ids().size())
                .mapToObj(part -> PREFIX + "other_id_" + part)
                .toList();
        Column same = col(whole).equalTo(col(other));
        List<Column> compared =
                new ArrayList<>(List.of(struct(content.toArray(Column[]::new)).as(other)));
        for (int part = 0; part < otherIds.size(); part++) {
            compared.add(col(id(part)).as(otherIds.get(part)));
            same = same.and(col(id(part)).equalTo(col(otherIds.get(part))));
        }
        Dataset<Row> earlier = others.rows.select(compared.toArray(Column[]::new));
        return rows.withColumn(whole, struct(content.toArray(Column[]::new)))
                .join(earlier, same, "left_anti")
                .drop(whole);
    }

    /** The columns of the source, but for the content of image files: a copy of the source would hold the files again. */
    private static StructType shown(JobSpec job, StructType all) {
        boolean isImages = job.source().table().fileFormat().equals(Optional.of(TableRef.Format.IMAGES));
        return new StructType(Arrays.stream(all.fields())
                .filter(field -> !isImages || !field.name().equals(ImageFolder.CONTENT))
                .toArray(StructField[]::new));
    }

    private static AttributeSql attribute(JobSpec job, int number, StructType columns) {
        EmbeddingSpec embedding = job.embeddings().get(number);
        String key = "embeddings[" + number + "].attribute";
        if (ImageSql.isAskedFor(embedding, columns)) {
            return ImageSql.of(embedding, columns, key);
        }
        return embedding.readsRows()
                ? AttributeSql.ofRow(embedding.attribute(), columns, key)
                : AttributeSql.of(embedding.attribute(), columns, key);
    }

    private static InputForm form(Tables tables, EmbeddingSpec embedding, AttributeSql attribute) {
        return switch (attribute.form()) {
            case TEXT -> new InputForm.Texts();
            case IMAGE -> new InputForm.Images();
            case PATH ->
                new InputForm.Paths(new ImageFiles(
                        new SerializableConfiguration(
                                tables.spark().sessionState().newHadoopConf()),
                        embedding.imageLimits().maxBytes()));
        };
    }

    /** The files that a column of paths names: {@link HashFiles#SCHEMA}, computed once, by all tasks that can run at once. */
    private static Dataset<Row> hashed(Dataset<Row> rows, String path, ImageFiles files) {
        int tasks = Math.max(1, rows.sparkSession().sparkContext().defaultParallelism());
        return rows.select(col(path))
                .where(col(path).isNotNull())
                .distinct()
                .repartition(tasks)
                .mapPartitions(new HashFiles(files), Encoders.row(HashFiles.SCHEMA))
                .persist(StorageLevel.DISK_ONLY());
    }

    private static Dataset<Row> withHashes(Dataset<Row> rows, Dataset<Row> hashed, int number) {
        Dataset<Row> renamed = hashed.select(
                col("path").as(PREFIX + "path_" + number),
                col("hash").as(SourceText.hash(number)),
                col("size").as(SourceText.size(number)));
        return rows.join(renamed, col(SourceText.text(number)).equalTo(col(PREFIX + "path_" + number)), "left")
                .drop(PREFIX + "path_" + number);
    }

    /**
     * Makes sure that the version which is read is still one of the same table: another table of that name has versions of these numbers too.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the table was dropped or recreated
     */
    public void requireSameTable(Tables tables) {
        if (version.isEmpty()) {
            return;
        }
        Optional<TableVersion> now = tables.newestVersion(source.table());
        boolean isSame = now.isPresent()
                && (now.get().table().equals(version.get().table())
                        || now.get().number() > version.get().number());
        if (!isSame) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot go on with the rows of " + source.table()
                            + ": the table was dropped or made anew while the job ran (a run reads one version of its source)."
                            + " What was embedded is kept: start the job again.");
        }
    }

    /** Forgets the hashes of files, and changed rows. */
    @Override
    public void close() {
        files.forEach(hashed -> hashed.unpersist(false));
        changes.ifPresent(Changes::close);
    }

    /** The derived column with a part of the id. */
    public static String id(int part) {
        return PREFIX + "id_" + part;
    }

    /** The source's own columns. */
    public StructType columns() {
        return columns;
    }

    /** The texts of the job's embeddings, in its order. */
    public List<SourceText> texts() {
        return texts;
    }

    /** The derived columns that together are the id. */
    List<String> ids() {
        return IntStream.range(0, source.id().size()).mapToObj(SourceRows::id).toList();
    }

    /**
     * What a published row depends on beside its text: the id and, where the target is a separate table that may be a copy of the
     * source, the other columns too.
     */
    List<Column> published() {
        List<Column> published = new ArrayList<>();
        ids().forEach(id -> published.add(col(id)));
        if (!inPlace) {
            Arrays.stream(columns.fields())
                    .filter(Columns::isComparable)
                    .forEach(field -> published.add(col(Columns.quoted(field.name()))));
        }
        return published;
    }

    /** The id as a person would write it. */
    Column readableId() {
        return concat_ws(",", ids().stream().map(id -> col(id).cast("string")).toArray(Column[]::new));
    }

    /** Whether the job publishes to the source itself. */
    public boolean isTarget() {
        return inPlace;
    }

    /** Whether these are only the rows that have changed since an earlier run. */
    public boolean areChanges() {
        return changes.isPresent();
    }

    /** Whether these are known to be so few that one task does what belongs together sooner than several do. */
    public boolean areFew() {
        return changes.isPresent() && changes.get().count() <= FEW;
    }

    /** Rows that belong to these, before they are grouped: of few, all go to one task, so that they are moved once. */
    public Dataset<Row> together(Dataset<Row> some) {
        return areFew() ? some.repartition(1) : some;
    }

    /** Whether there is a row to look at, or one that is gone and is to be looked for in another target. */
    public boolean haveChanged() {
        return changes.isEmpty() || changes.get().count() > 0;
    }

    /**
     * The rows of another table that belong to these rows, or to rows that are gone; all of it where these are all rows.
     *
     * @param ids the columns of that table with the parts of a source's id
     */
    public Dataset<Row> belonging(Dataset<Row> table, List<Column> ids) {
        if (changes.isEmpty()) {
            return table;
        }
        Dataset<Row> wanted = Changes.withGone(rows, changes.get().gone(), this);
        Column same = IntStream.range(0, ids.size())
                .mapToObj(part -> ids.get(part).equalTo(wanted.col(id(part))))
                .reduce(Column::and)
                .orElseThrow();
        return changes.get().ranges().of(table, ids.get(0)).join(wanted, same, "left_semi");
    }

    /**
     * The ranges of the first parts of some of these rows' ids.
     *
     * @param some rows with the ids, which may be those of rows that are gone
     */
    public IdRanges ranges(KeptRows some) {
        return changes.map(Changes::ranges).orElseGet(() -> IdRanges.of(some.rows(), id(0), some.count()));
    }

    private Column[] idColumns() {
        return ids().stream().map(functions::col).toArray(Column[]::new);
    }

    /** Every row of the source. */
    public Dataset<Row> all() {
        return rows;
    }

    /** The rows that the job is about. */
    public Dataset<Row> selected() {
        return rows.where(col(SELECTED));
    }

    /**
     * Ensures that every row that the job may change has a unique id. Changed rows are looked for in the whole source.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when one has none, or shares it
     */
    public void requireUniqueIds() {
        Column[] id = idColumns();
        Column incomplete =
                Arrays.stream(id).map(Column::isNull).reduce(Column::or).orElseThrow();
        Dataset<Row> rowsOfId =
                together(withSameIds()).groupBy(id).agg(count(lit(1)).as("rows"));
        Row found = rowsOfId.agg(sum(when(incomplete, col("rows")).otherwise(lit(0))), max(col("rows")))
                .first();
        String idKey = String.join(", ", source.id());
        // In place the id selects the row that gets a vector, also among rows that the condition excludes.
        String leaveOut = inPlace ? "" : ", or leave such rows out with source.where";
        if (!found.isNullAt(0) && found.getLong(0) > 0) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot tell the source's rows apart: " + found.getLong(0) + " rows have a null in source.id = "
                            + idKey + " (an id is never null). Name other columns in source.id, give these rows an id"
                            + leaveOut + ".");
        }
        if (!found.isNullAt(1) && found.getLong(1) > 1) {
            String repeated = rowsOfId.select(readableId(), col("rows"))
                    .orderBy(col("rows").desc())
                    .first()
                    .getString(0);
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot tell the source's rows apart: the id " + repeated + " appears " + found.getLong(1)
                            + " times in source.id = " + idKey
                            + " (an id names one row). Name other columns in source.id, remove the duplicates"
                            + leaveOut
                            + ".");
        }
    }

    /** The ids of the rows that the job may change, and of all rows with the same ids. */
    private Dataset<Row> withSameIds() {
        Dataset<Row> own = (inPlace ? rows : selected()).select(idColumns());
        if (changes.isEmpty()) {
            return own;
        }
        SourceRows whole = changes.get().whole();
        Dataset<Row> others = changes.get()
                .ranges()
                .of(inPlace ? whole.rows : whole.selected(), col(id(0)))
                .select(idColumns());
        Column incomplete = Arrays.stream(idColumns())
                .map(Column::isNull)
                .reduce(Column::or)
                .orElseThrow();
        return others.join(own, CollectionConverters.asScala(ids()).toSeq(), "left_semi")
                .union(own.where(incomplete));
    }

    private static Column selected(Dataset<Row> table, JobSpec job) {
        if (job.source().where().isEmpty()) {
            return lit(true);
        }
        String where = job.source().where().get();
        try {
            DataType type = table.select(expr(where)).schema().fields()[0].dataType();
            if (!(type instanceof BooleanType)) {
                throw new IllegalArgumentException("it is of type " + type.sql() + ", not BOOLEAN");
            }
            return expr("coalesce((" + where + "), false)");
        } catch (Exception e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use source.where: " + where + " (" + Failures.brief(e)
                            + "). Write a SQL condition on the source's columns.",
                    e);
        }
    }

    private static String idColumn(String name, StructType columns) {
        StructField field = Columns.find(columns, name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot read source.id: " + name + " (the source has no such column). "
                                + Columns.suggest(name, columns)));
        DataType type = field.dataType();
        if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use source.id: " + name + " is of type " + type.sql()
                            + " (an id is a single value such as a number or a string). Name another column.");
        }
        return Columns.quoted(field.name());
    }
}
