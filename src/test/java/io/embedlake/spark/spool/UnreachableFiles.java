package io.embedlake.spark.spool;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A storage that answers too late, whatever it is asked. Thread-safe. */
public final class UnreachableFiles extends FileSystem {
    @Override
    public String getScheme() {
        return "slow";
    }

    @Override
    public URI getUri() {
        return URI.create("slow://storage");
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        throw late();
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        throw late();
    }

    @Override
    public FSDataOutputStream append(Path path, int buffer, Progressable progress) throws IOException {
        throw late();
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        throw late();
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        throw new AssertionError("what could not be read is deleted: " + path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        throw late();
    }

    @Override
    public void setWorkingDirectory(Path path) {
        // There is none.
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path("slow://storage/");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        throw late();
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        throw late();
    }

    private static IOException late() {
        return new SocketTimeoutException("Read timed out");
    }
}
