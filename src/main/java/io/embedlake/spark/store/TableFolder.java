package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;

/**
 * The folder of a Delta table that exists or may be made. Another job may make the table at any moment: nothing is put into a folder
 * that could become a table, and only empty folders and temporary files are removed. Confined to the driver.
 */
final class TableFolder {
    private static final String LOG = "_delta_log";

    /** Delta Lake writes a commit under a name that begins with this, and then renames it. */
    private static final String TEMPORARY = ".";

    private final FileSystem files;
    private final Path path;
    private final Path log;

    TableFolder(String location, Configuration configuration) throws IOException {
        FileSystem found = new Path(location).getFileSystem(configuration);
        // The checksum of a temporary file is a file too.
        this.files = found instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : found;
        this.path = files.makeQualified(new Path(location));
        this.log = new Path(path, LOG);
    }

    /**
     * Makes sure that nothing is in the way of a new table.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when there is anything but a log without a commit
     */
    void requireFree(TableRef table) throws IOException {
        Optional<String> taken = taken();
        if (taken.isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot make the table " + table + ": " + path.toUri().getPath() + " " + taken.get()
                            + " (a new table needs a folder that is empty or does not exist). Name another table, or move"
                            + " what is there.");
        }
    }

    private Optional<String> taken() throws IOException {
        boolean hasLog = false;
        for (FileStatus child : list(path)) {
            if (child.getPath().equals(path)) {
                return Optional.of("is a file");
            }
            if (!isLog(child)) {
                return Optional.of("holds " + child.getPath().getName() + " and is no Delta table");
            }
            hasLog = true;
        }
        return hasLog && hasCommits()
                ? Optional.of("holds a Delta table that the catalog does not know")
                : Optional.empty();
    }

    private static boolean isLog(FileStatus child) {
        return child.isDirectory() && child.getPath().getName().equals(LOG);
    }

    private boolean hasCommits() throws IOException {
        return below(log).stream().anyMatch(file -> !file.isDirectory() && !isTemporary(file));
    }

    private static boolean isTemporary(FileStatus file) {
        return file.getPath().getName().startsWith(TEMPORARY);
    }

    /** Whether the making of a table has begun. */
    boolean isBegun() throws IOException {
        return files.exists(log);
    }

    /** Removes what a killed process has left. If it is alive after all, its commit stays, or it has to start over. */
    void removeUnfinished() throws IOException {
        if (hasCommits()) {
            return;
        }
        List<FileStatus> deepestFirst = below(log);
        Collections.reverse(deepestFirst);
        for (FileStatus file : deepestFirst) {
            if (file.isDirectory() || isTemporary(file)) {
                files.delete(file.getPath(), false);
            }
        }
        files.delete(log, false);
    }

    /** Finds out whether a table that exists can be written, by a small file in its folder and one in its log. */
    void probe() throws IOException {
        probe(path);
        probe(log);
    }

    /**
     * Finds out whether the folder of a new table can be made or filled. A small file is written beside other files only, where no table
     * can come to be; an empty folder is judged by its permissions.
     */
    void probeFree() throws IOException {
        Path nearest = path;
        while (!files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        files.access(nearest, FsAction.WRITE_EXECUTE);
        if (!nearest.equals(path) && !list(nearest).isEmpty()) {
            probe(nearest);
        }
    }

    /** Readers of tables and of plain files pass over names that begin with an underscore. */
    private void probe(Path folder) throws IOException {
        Path probe = new Path(folder, "_embedlake_probe_" + UUID.randomUUID());
        files.create(probe).close();
        files.delete(probe, false);
    }

    /** What is in a folder, at any depth, a folder before what is in it. */
    private List<FileStatus> below(Path folder) throws IOException {
        List<FileStatus> all = new ArrayList<>();
        for (FileStatus child : list(folder)) {
            all.add(child);
            if (child.isDirectory()) {
                all.addAll(below(child.getPath()));
            }
        }
        return all;
    }

    private List<FileStatus> list(Path folder) throws IOException {
        try {
            return List.of(files.listStatus(folder));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
