package io.embedlake.sql.function;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/** A file system in which this user may read nothing. Opened by Hadoop. */
public final class UnreadableFiles extends RawLocalFileSystem {
    static final String SCHEME = "unreadable";

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        throw new AccessControlException("Permission denied: user=nobody, access=EXECUTE, inode=\"" + path + "\"");
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        throw new AccessControlException("Permission denied: user=nobody, access=READ_EXECUTE, inode=\"" + path + "\"");
    }
}
