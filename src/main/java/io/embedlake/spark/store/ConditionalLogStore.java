package io.embedlake.spark.store;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How Delta Lake writes its log to S3: a commit is an object that is only written where there is none, so that of several drivers one
 * makes a version. Delta's own way is safe in one driver alone, and takes several times the requests. Thread-safe.
 */
public final class ConditionalLogStore extends HadoopFileSystemLogStore {
    /** As Delta Lake makes it. */
    public ConditionalLogStore(Configuration configuration) {
        super(configuration);
    }

    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
            throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        byte[] content = content(actions);
        if (overwrite) {
            try (FSDataOutputStream out = NewFile.open(files, path, true)) {
                out.write(content);
            }
            return;
        }
        requireMissing(files, path);
        if (!isMade(files, path, content)) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }

    private static byte[] content(Iterator<String> actions) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        actions.forEachRemaining(action -> content.writeBytes((action + "\n").getBytes(StandardCharsets.UTF_8)));
        return content.toByteArray();
    }

    /** Stores that know no conditions pass over them; then a version that is long there is not written over. */
    @SuppressWarnings("deprecation") // What replaces it also looks for a folder, by another request.
    private static void requireMissing(FileSystem files, Path path) throws IOException {
        if (files.isFile(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }

    private static boolean isMade(FileSystem files, Path path, byte[] content) throws IOException {
        try {
            return NewFile.makeOnCondition(files, path, content);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "this file system writes no file on the condition that there is none: set"
                            + " spark.delta.logStore.s3a.impl to io.delta.storage.S3SingleDriverLogStore",
                    e);
        }
    }

    /** One listing; whether the folder exists is not asked first. */
    @Override
    public Iterator<FileStatus> listFrom(Path path, Configuration configuration) throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        return Stream.of(files.listStatus(path.getParent()))
                .filter(file -> file.getPath().getName().compareTo(path.getName()) >= 0)
                .sorted(Comparator.comparing(file -> file.getPath().getName()))
                .iterator();
    }

    @Override
    public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
        return false;
    }
}
