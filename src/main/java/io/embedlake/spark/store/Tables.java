package io.embedlake.spark.store;

import io.delta.tables.DeltaTable;
import io.embedlake.config.TableRef;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Reads, creates and looks at tables by reference, with failures as sentences. Confined to the driver. */
public final class Tables {
    private final SparkSession spark;

    public Tables(SparkSession spark) {
        this.spark = spark;
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

    private Dataset<Row> readFiles(TableRef.FilePath files) {
        return spark.read()
                .format(files.format().toString())
                .option("header", "true")
                .option("inferSchema", "true")
                .option("escape", "\"")
                .option("multiLine", String.valueOf(files.format() == TableRef.Format.CSV))
                .load(files.location());
    }

    /** Whether there is a Delta table of this name. */
    public boolean exists(TableRef table) {
        return Failures.on("look for the table " + table, "Check its name and that it can be read.", () -> {
            if (table instanceof TableRef.FilePath files) {
                return DeltaTable.isDeltaTable(spark, files.location());
            }
            return spark.catalog().tableExists(table.sql());
        });
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
        return newest(table, snapshot -> CollectionConverters.asJava(snapshot.getProperties()))
                .orElseGet(() -> shownProperties(table));
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

    /** A Delta table's newest version; nothing when there is no such table, or it is of another format, or this Delta Lake does not tell. */
    public Optional<TableVersion> newestVersion(TableRef table) {
        return newest(table, snapshot -> new TableVersion(snapshot.metadata().id(), snapshot.version()));
    }

    /**
     * Whether there is no Delta table of this name, or its log says that it has no file. False where Delta does not tell without
     * starting Spark jobs: to read an empty table takes three.
     */
    public boolean isKnownEmpty(TableRef table) {
        return !exists(table)
                || told(table, Snapshot::checksumOpt)
                        .filter(Option::isDefined)
                        .filter(checksum -> checksum.get().numFiles() == 0)
                        .isPresent();
    }

    private <T> Optional<T> newest(TableRef table, Function<Snapshot, T> fact) {
        return table.isFiles() || !exists(table) ? Optional.empty() : told(table, fact);
    }

    /** Asked of Delta's log itself: the public interface plans a query for each question, and for some starts a Spark job. */
    private <T> Optional<T> told(TableRef table, Function<Snapshot, T> fact) {
        try {
            DeltaLog log = table instanceof TableRef.FilePath files
                    ? DeltaLog.forTable(spark, files.location())
                    : delta(table).deltaLog();
            return Optional.of(fact.apply(log.update(false, Option.empty(), Option.empty())));
        } catch (EmbedlakeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** Runs a statement that a user who lacks rights would see fail. */
    public void sql(String what, String statement) {
        Failures.on(what, "Check the name and that it can be written.", () -> {
            spark.sql(statement);
        });
    }

    /** The folder of a Delta table's files, which must exist where its name is no path. */
    public String location(TableRef table) {
        return table instanceof TableRef.FilePath files
                ? files.location()
                : delta(table).detail().select("location").first().getString(0);
    }

    /**
     * Makes sure that the table's folder can be written, by writing a small file and removing it. Tables that do not exist
     * and have no path are left to their catalog.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it cannot
     */
    public void requireWritable(TableRef table) {
        if (!(table instanceof TableRef.FilePath) && !exists(table)) {
            return;
        }
        String location = location(table);
        Failures.on("write the table " + table, "Check its name and that it can be written.", () -> {
            try {
                Path folder = new Path(location);
                FileSystem files = folder.getFileSystem(spark.sessionState().newHadoopConf());
                boolean isNew = !files.exists(folder);
                Path probe = new Path(folder, "_embedlake_probe_" + UUID.randomUUID());
                files.create(probe).close();
                files.delete(isNew ? folder : probe, isNew);
            } catch (IOException e) {
                throw new EmbedlakeException(
                        ErrorKind.STORAGE,
                        "Cannot write the table " + table + ": " + location + " (" + Failures.brief(e)
                                + "). Give the job write access, or name another table.",
                        e);
            }
        });
    }
}
