package io.embedlake.spark;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.util.functional.FutureIO;

/** Opens files that are read from their first byte to the last one, as an object store does in one request. Stateless. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Opens a file.
     *
     * @param file as the file system has described it: it is not asked again
     * @return the caller closes it
     */
    public static InputStream open(FileSystem files, FileStatus file) throws IOException {
        return FutureIO.awaitFuture(files.openFile(file.getPath())
                .withFileStatus(file)
                .opt(
                        OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY,
                        OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_WHOLE_FILE)
                .build());
    }
}
