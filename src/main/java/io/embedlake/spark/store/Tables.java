package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;

import io.delta.tables.DeltaTable;
import io.embedlake.config.TableRef;
import io.embedlake.retry.Sleeper;
import io.embedlake.spark.sql.ActiveSession;
import io.embedlake.spark.sql.ImageFolder;
import io.embedlake.spark.sql.SessionCatalog;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads, creates and looks at tables by reference, with failures as sentences. Confined to the driver. */
public final class Tables {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private static final String LOCAL = "^file:/+";
    /** Where columns have other names in files, or other types. */
    private static final List<String> OTHER_VALUES =
            List.of("delta.columnMapping.mode", "delta.feature.columnMapping", "delta.feature.typeWidening");

    private static final int MAKE_ATTEMPTS = 8;
    private static final Duration MAKE_PAUSE = Duration.ofMillis(500);

    /** A job that is alive has made its table by then. */
    private static final int ATTEMPTS_OF_OTHERS = 5;

    private final SparkSession spark;
    private final Sleeper sleeper;
    private final OptionalLong lookedSince;

    public Tables(SparkSession spark) {
        this(spark, Sleeper.REAL);
    }

    Tables(SparkSession spark, Sleeper sleeper) {
        this(spark, sleeper, OptionalLong.empty());
    }

    private Tables(SparkSession spark, Sleeper sleeper, OptionalLong lookedSince) {
        this.spark = spark;
        this.sleeper = sleeper;
        this.lookedSince = lookedSince;
    }

    /**
     * For a run, which does not look again for a table in a folder that it has found, or has not found: to an object store each look is
     * requests. What this process makes it knows.
     */
    public static Tables ofRun(SparkSession spark) {
        return new Tables(spark, Sleeper.REAL, OptionalLong.of(System.currentTimeMillis()));
    }

    /** The session that the tables are read in. */
    public SparkSession spark() {
        return spark;
    }

    /** The rows of a table or of files. */
    public Dataset<Row> read(TableRef table) {
        return Failures.on(
                "read the table " + table,
                "Check its name and that it can be read.",
                () -> table instanceof TableRef.FilePath files && table.isFiles()
                        ? readFiles(files)
                        : spark.table(table.sql()));
    }

    /** The rows as they were in one version of a Delta table; without a version, as {@link #read(TableRef)}. */
    public Dataset<Row> read(TableRef table, Optional<TableVersion> version) {
        if (version.isEmpty()) {
            return read(table);
        }
        DataFrameReader reader =
                spark.read().option("versionAsOf", version.get().number());
        return Failures.on(
                "read the table " + table,
                "Check its name and that it can be read.",
                () -> table instanceof TableRef.FilePath files
                        ? reader.format("delta").load(files.location())
                        : reader.table(table.sql()));
    }

    /**
     * The rows as {@link #read(TableRef, Optional)} reads them, for queries that look at most of them: which files a small table in a folder
     * has is read from its commits, and not worked out by several Spark jobs.
     */
    public Dataset<Row> readAll(TableRef table, Optional<TableVersion> version) {
        // A catalog may show less than the files hold.
        return version.filter(one -> table instanceof TableRef.FilePath)
                .flatMap(one -> look(() -> DeltaCommits.all(DeltaLogLook.log(this, table), one.number())))
                .flatMap(rows -> rows)
                .orElseGet(() -> read(table, version));
    }

    private Dataset<Row> readFiles(TableRef.FilePath files) {
        if (files.format() == TableRef.Format.IMAGES) {
            return ImageFolder.read(spark, files.location());
        }
        return spark.read()
                .format(files.format().toString())
                .option("header", "true")
                .option("inferSchema", "true")
                .option("escape", "\"")
                .option("multiLine", String.valueOf(files.format() == TableRef.Format.CSV))
                .load(files.location());
    }

    /** Whether there is a Delta table of this name. In a run one in a folder may have been made or removed elsewhere since it was looked for. */
    public boolean exists(TableRef table) {
        return exists(table, lookedSince());
    }

    private boolean isThereNow(TableRef table) {
        return exists(table, System.currentTimeMillis());
    }

    private long lookedSince() {
        return lookedSince.orElseGet(System::currentTimeMillis);
    }

    private boolean exists(TableRef table, long since) {
        return Failures.on("look for the table " + table, "Check its name and that it can be read.", () -> {
            if (table instanceof TableRef.FilePath files) {
                // By its log, which Delta keeps: to look for the folder would be more requests to an object store.
                return look(() -> DeltaLogLook.isThere(this, files, since))
                        .orElseGet(() -> DeltaTable.isDeltaTable(spark, files.location()));
            }
            return spark.catalog().tableExists(table.sql());
        });
    }

    /**
     * Makes sure that a table which does not {@linkplain #exists(TableRef) exist} is missing, and not hidden from this user.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when its folder may not be read
     */
    public void requireMissing(TableRef table) {
        if (table instanceof TableRef.FilePath files) {
            try {
                Path folder = new Path(files.location());
                folder.getFileSystem(spark.sessionState().newHadoopConf()).getFileStatus(folder);
            } catch (FileNotFoundException e) {
                return;
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot read the table " + table + " (" + Failures.brief(e)
                                + "). Get the right to read it, or name another one.",
                        e);
            }
        }
    }

    /**
     * The Delta table of this name, for changes.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when there is none, or it is of another format
     */
    public DeltaTable delta(TableRef table) {
        return Failures.on(
                "change the table " + table,
                "Name a Delta table.",
                () -> table instanceof TableRef.FilePath files
                        ? DeltaTable.forPath(spark, files.location())
                        : DeltaTable.forName(spark, table.sql()));
    }

    /**
     * The properties of a Delta table.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it is of another format
     */
    public Map<String, String> properties(TableRef table) {
        return log(table).map(DeltaLogLook::properties).orElseGet(() -> shownProperties(table));
    }

    private Map<String, String> shownProperties(TableRef table) {
        delta(table);
        Map<String, String> properties = new TreeMap<>();
        Failures.on("read the table " + table, "Check its name and that it can be read.", () -> {
            for (Row property : spark.sql("SHOW TBLPROPERTIES " + table.sql()).collectAsList()) {
                properties.put(property.getString(0), property.getString(1));
            }
        });
        return properties;
    }

    /** A Delta table's newest version; empty when there is none, it has another format, or this Delta Lake lacks the interface. */
    public Optional<TableVersion> newestVersion(TableRef table) {
        return log(table).map(DeltaLogLook::version);
    }

    /** A Delta table's newest version that this process has seen or made; empty where there is none, or it is not known. */
    Optional<TableVersion> seenVersion(TableRef table) {
        return look(() -> DeltaLogLook.seen(this, table)).flatMap(seen -> seen);
    }

    /**
     * Whether there is no Delta table of this name, or its log says that it has no file. False where Delta cannot tell without
     * starting Spark jobs: to read an empty table takes three.
     */
    public boolean isKnownEmpty(TableRef table) {
        return log(table).map(DeltaLogLook::isKnownEmpty).orElseGet(() -> !exists(table));
    }

    /**
     * The Delta table whose newest version a relation of a query reads as a whole, by its path; empty where it reads something else, or this
     * Delta Lake lacks the interface.
     */
    public Optional<TableRef> newestRead(BaseRelation relation) {
        return look(() -> DeltaRelation.newest(relation)).flatMap(table -> table);
    }

    /** How many files a Delta table has; empty where Delta cannot tell without starting Spark jobs. */
    public Optional<TableFiles> files(TableRef table) {
        return exists(table) ? look(() -> DeltaLogLook.files(this, table)).flatMap(files -> files) : Optional.empty();
    }

    /** How many bytes of a clustered Delta table have never been clustered; empty where Delta cannot tell. */
    public Optional<Long> unclusteredBytes(TableRef table) {
        return look(() -> DeltaLogLook.unclusteredBytes(this, table));
    }

    /**
     * How a Delta table has changed from one version to a later one; nothing where it is another table now, a version is no longer in its
     * log, or this Delta Lake lacks the interface. To read the rows fails where their files have been removed.
     */
    public Optional<TableChange> change(TableRef table, TableVersion from, TableVersion to) {
        return exists(table)
                ? look(() -> DeltaFiles.between(this, table, from, to)).flatMap(change -> change)
                : Optional.empty();
    }

    /**
     * The rows of some files of a version of a Delta table, by the names that its log has for them.
     *
     * @return empty where one of them is not in the version, or this Delta Lake has no such interface
     */
    public Optional<Dataset<Row>> read(TableRef table, TableVersion version, Set<String> files) {
        return look(() -> DeltaFiles.rows(DeltaLogLook.log(this, table), version.number(), files));
    }

    /**
     * Single rows of a Delta table by their ids: {@link PlacedRows#FILE}, {@link PlacedRows#ROW}, and the columns; with rows that are deleted.
     *
     * @param ids the columns with the ids
     * @param columns columns of the table
     * @param rows the ids of the rows of each file, by its URI
     * @return nothing where the values of such columns are not what the files have, or not read by themselves
     */
    public Optional<List<Row>> read(
            TableRef table, List<StructField> ids, List<StructField> columns, Map<String, List<List<Object>>> rows) {
        Map<String, String> properties = properties(table);
        boolean areOthers = OTHER_VALUES.stream().anyMatch(properties::containsKey);
        return areOthers
                ? Optional.empty()
                : ParquetColumns.of(ids).flatMap(keys -> ParquetColumns.of(columns)
                        .flatMap(shown -> PlacedRows.identified(spark, rows, keys, shown)));
    }

    /** The URI of a file that a Delta table's log names. */
    public String uri(TableRef table, String file) {
        return DeltaFiles.uri(DeltaLogLook.log(this, table), file);
    }

    /**
     * The file of each row, as the log of its Delta table names it.
     *
     * @param rows rows as they are read from the table, all of them or some
     */
    public Column file(TableRef table, Dataset<Row> rows) {
        String folder = DeltaLogLook.log(this, table).dataPath().toUri() + "/";
        Column path = localFilesAlike(rows.metadataColumn("_metadata").getField("file_path"));
        String prefix = folder.replaceFirst(LOCAL, "file:/");
        return when(path.startsWith(prefix), path.substr(lit(prefix.length() + 1), length(path)))
                .otherwise(path);
    }

    /** Hadoop writes them with one slash or with three. */
    private static Column localFilesAlike(Column uri) {
        return regexp_replace(uri, LOCAL, "file:/");
    }

    /** The files of a version of a Delta table; empty where the log no longer has it, or this Delta Lake lacks the interface. */
    public Optional<List<LiveFile>> files(TableRef table, TableVersion version) {
        return look(() -> DeltaFiles.of(DeltaLogLook.log(this, table), version.number()));
    }

    /** A Delta table's demands on writers; empty when there is none, or this Delta Lake has no such interface. */
    public Optional<TableRules> rules(TableRef table) {
        return log(table).map(DeltaLogLook::rules);
    }

    /**
     * The commits of a Delta table after one version, up to another, oldest first; empty when the log no longer has all of them, or this
     * Delta Lake has no such interface.
     */
    public Optional<List<Commit>> commits(TableRef table, long after, long upTo) {
        return look(() -> DeltaCommits.between(DeltaLogLook.log(this, table), after, upTo));
    }

    /**
     * The rows of some files of a Delta table, which may have been removed since.
     *
     * @param version whose columns they have
     * @return empty where this Delta Lake has no such interface
     */
    public Optional<Dataset<Row>> read(TableRef table, TableVersion version, List<DataFile> files) {
        return look(() -> DeltaCommits.rows(DeltaLogLook.log(this, table), version.number(), files));
    }

    /**
     * The rows of the files that have come into a Delta table, by its log: no query for the files is planned.
     *
     * @param since the version after which they came; empty for all files
     * @return empty where files have gone too, so that rows may only have moved, they are many, it is another table now, or this Delta Lake
     *     has no such interface
     */
    public Optional<Dataset<Row>> added(TableRef table, Optional<TableVersion> since) {
        return newestVersion(table)
                .filter(now -> since.isEmpty() || since.get().table().equals(now.table()))
                .flatMap(now -> commits(table, since.map(TableVersion::number).orElse(-1L), now.number())
                        .filter(commits -> commits.stream()
                                .allMatch(commit -> commit.removed().isEmpty()))
                        .map(commits -> commits.stream()
                                .flatMap(commit -> commit.added().stream())
                                .toList())
                        .filter(files -> files.size() <= DeltaCommits.MOST_FILES)
                        .flatMap(files -> read(table, now, files)));
    }

    /** Read from Delta's log itself: the public interface plans a query for each call, and for some starts a Spark job. */
    private Optional<DeltaLogLook> log(TableRef table) {
        // Of a folder the log itself says whether there is a table.
        if (table.isFiles() || !(table instanceof TableRef.FilePath) && !exists(table)) {
            return Optional.empty();
        }
        return look(() -> DeltaLogLook.at(this, table, lookedSince())).flatMap(newest -> newest);
    }

    /** Whoever looks: Delta asks the thread for its session, at a checkpoint and elsewhere. */
    private <T> Optional<T> look(Supplier<T> look) {
        try (ActiveSession active = ActiveSession.of(spark)) {
            return Optional.of(Failures.on("look at the log of a table", "", look));
        } catch (EmbedlakeException | LinkageError e) {
            LOG.debug("What the log of a table says is unknown", e);
            return Optional.empty();
        }
    }

    /** Runs a statement that a user who lacks rights would see fail; another writer who was faster is left to the caller. */
    public void sql(String what, String statement) {
        Failures.onRetried(what, "Check the name and that it can be written.", () -> spark.sql(statement));
    }

    /** The folder of a Delta table's files, which must exist where its name is no path. */
    public String location(TableRef table) {
        return table instanceof TableRef.FilePath files
                ? files.location()
                : delta(table).detail().select("location").first().getString(0);
    }

    /**
     * Makes a Delta table when it is missing. Another job may be making it at the same moment: then its commit wins and this one finds
     * the table made. What a killed job has left of a table that it was making is removed; anything else is in the way.
     *
     * @param create makes the table, or fails when it is there
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot be made
     */
    public void make(TableRef table, Runnable create) {
        // What a run knows is enough at first: Delta itself looks before it makes the table.
        boolean isMade = exists(table);
        for (int attempt = 1; !isMade; attempt++) {
            isMade = isMade(table, create, attempt);
        }
    }

    private boolean isMade(TableRef table, Runnable create, int attempt) {
        try {
            Failures.on("make the table " + table, "Check its name and that it can be written.", create);
            return true;
        } catch (EmbedlakeException e) {
            if (attempt == MAKE_ATTEMPTS || !isBeingMade(table, e)) {
                throw e;
            }
            pause(table);
            boolean isThere = isThereNow(table);
            if (!isThere && attempt >= ATTEMPTS_OF_OTHERS) {
                newFolder(table, TableFolder::removeUnfinished);
            }
            return isThere;
        }
    }

    private boolean isBeingMade(TableRef table, EmbedlakeException failure) {
        boolean[] begun = {false};
        newFolder(table, folder -> {
            requireFree(table, folder);
            begun[0] = folder.isBegun();
        });
        return begun[0]
                || isThereNow(table)
                || Failures.isContention(failure)
                || Failures.cause(failure, FileNotFoundException.class).isPresent();
    }

    /**
     * Makes sure that a table can be written, or made when it is missing, by writing small files and removing them. Other jobs, even
     * one that makes the table at the same moment, do not notice. Folders that only a catalog locates are left to it.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot
     */
    public void requireWritable(TableRef table) {
        if (exists(table)) {
            folder(table, location(table), TableFolder::probe);
        } else {
            newFolder(table, folder -> {
                requireFree(table, folder);
                folder.probeFree();
            });
        }
    }

    private void requireFree(TableRef table, TableFolder folder) throws IOException {
        try {
            folder.requireFree(table);
        } catch (EmbedlakeException e) {
            // What is there may be the table itself, made by another job since the look-up.
            if (!isThereNow(table)) {
                throw e;
            }
        }
    }

    /** Does something with the folder that a missing table will get, where it is known. */
    private void newFolder(TableRef table, FolderAction action) {
        Failures.on("make the table " + table, "Check its name.", () -> newLocation(table))
                .ifPresent(location -> folder(table, location, action));
    }

    private Optional<String> newLocation(TableRef table) {
        if (table instanceof TableRef.FilePath files) {
            return Optional.of(files.location());
        }
        return SessionCatalog.newLocation(spark, ((TableRef.CatalogTable) table).parts());
    }

    private void folder(TableRef table, String location, FolderAction action) {
        Failures.on("write the table " + table, "Check its name and that it can be written.", () -> {
            try {
                action.on(new TableFolder(location, spark.sessionState().newHadoopConf()));
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot write the table " + table + ": " + location + " (" + Failures.brief(e)
                                + "). Give the job write access, or name another table.",
                        e);
            }
        });
    }

    /** What is done with a table's folder. */
    private interface FolderAction {
        void on(TableFolder folder) throws IOException;
    }

    private void pause(TableRef table) {
        try {
            sleeper.sleep(MAKE_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbedlakeException(
                    ErrorKind.STORAGE, "Cannot make the table " + table + ": the job was stopped. Start it again.", e);
        }
    }
}
