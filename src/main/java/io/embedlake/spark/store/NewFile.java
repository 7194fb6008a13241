package io.embedlake.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.ipc.RemoteException;

/**
 * Makes a file that one of several writers makes, whichever is first: on the local disk, on HDFS, and on S3 where Hadoop and the store know
 * conditions. Elsewhere two writers at the same moment may both think that they are it. Stateless.
 */
public final class NewFile {
    /** Hadoop's name, as text: older ones have no constant for it. */
    private static final String ON_CONDITION = "fs.option.create.conditional.overwrite";

    /** S3A's option to replace whatever is there, as one request. */
    private static final String WITHOUT_CHECKS = "fs.s3a.create.performance";

    /** What HDFS says while another writer has the file open. */
    private static final String BEING_MADE = "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException";

    private NewFile() {}

    /**
     * Makes a file as it is best done on a file system.
     *
     * @param content by which a writer knows its own file: no other writes the same
     * @return whether this call has made it; otherwise there is another's
     */
    public static boolean make(FileSystem files, Path path, byte[] content) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            return makeHere(local.pathToFile(path).toPath(), content);
        }
        return isConditional(files, path) ? makeOnCondition(files, path, content) : makeAtOnce(files, path, content);
    }

    /** Whether a file system can write a file on the condition that there is none. It is not asked for it. */
    static boolean isConditional(FileSystem files, Path path) throws IOException {
        return files.hasPathCapability(path, ON_CONDITION);
    }

    /** Hadoop looks whether there is a file, and makes it then. */
    private static boolean makeHere(java.nio.file.Path path, byte[] content) throws IOException {
        Files.createDirectories(path.getParent());
        try {
            Files.write(path, content, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static boolean makeAtOnce(FileSystem files, Path path, byte[] content) throws IOException {
        try (FSDataOutputStream out = files.create(path, false)) {
            out.write(content);
            return true;
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
            return false;
        } catch (RemoteException e) {
            if (e.getClassName().equals(BEING_MADE)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Writes an object on the condition that there is none.
     *
     * @throws IllegalArgumentException when the file system knows no conditions
     */
    static boolean makeOnCondition(FileSystem files, Path path, byte[] content) throws IOException {
        try (FSDataOutputStream out = open(files, path, false)) {
            out.write(content);
        } catch (IOException e) {
            return isOwn(files, path, content, e);
        }
        return true;
    }

    /**
     * An object that appears when it is closed.
     *
     * @param overwrite whether it replaces what is there; else it is written on the condition that there is none
     * @throws IllegalArgumentException when the file system knows no conditions, and one is needed
     */
    static FSDataOutputStream open(FileSystem files, Path path, boolean overwrite) throws IOException {
        FSDataOutputStreamBuilder<?, ?> file = files.createFile(path).recursive();
        if (overwrite) {
            file.overwrite(true);
            file.opt(WITHOUT_CHECKS, true);
        } else {
            file.must(ON_CONDITION, true);
        }
        return file.build();
    }

    /** A refusal may be that of a repeated request whose first answer was lost. */
    private static boolean isOwn(FileSystem files, Path path, byte[] content, IOException failure) throws IOException {
        try (InputStream in = files.open(path)) {
            return Arrays.equals(in.readAllBytes(), content);
        } catch (FileNotFoundException e) {
            throw failure;
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }
}
