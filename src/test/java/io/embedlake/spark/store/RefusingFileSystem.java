package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system under another name: it refuses to write directly into some folders, and keeps the paths of what was written. Its
 * state is static, because Hadoop opens it; thread-safe.
 */
public final class RefusingFileSystem extends RawLocalFileSystem {
    private static final String SCHEME = "refusing";
    private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();
    private static final List<String> WRITTEN = new CopyOnWriteArrayList<>();

    /** A table in this file system. */
    static TableRef table(java.nio.file.Path folder) {
        Lake.spark()
                .sparkContext()
                .hadoopConfiguration()
                .set("fs." + SCHEME + ".impl", RefusingFileSystem.class.getName());
        return new TableRef.FilePath(TableRef.Format.DELTA, SCHEME + "://" + folder);
    }

    static void refuse(String folder) {
        REFUSED.clear();
        REFUSED.add(folder);
    }

    static void forgetAll() {
        REFUSED.clear();
        WRITTEN.clear();
    }

    static List<String> written() {
        return List.copyOf(WRITTEN);
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public void access(Path path, FsAction mode) throws AccessControlException {
        requireAllowed(path);
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        requireAllowed(file.getParent());
        WRITTEN.add(file.toUri().getPath());
        return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }

    private static void requireAllowed(Path folder) throws AccessControlException {
        if (REFUSED.contains(folder.toUri().getPath())) {
            throw new AccessControlException("Permission denied: user=nobody, access=WRITE");
        }
    }
}
