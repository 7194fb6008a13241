package io.embedlake.spark.store;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.execution.streaming.checkpointing.CheckpointFileManager;
import org.apache.spark.sql.execution.streaming.checkpointing.FileContextBasedCheckpointFileManager;
import org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager;

/**
 * How Delta Lake writes the checksums of its versions to S3, and Spark the logs of its streams: an object appears whole and may be refused
 * where there is one, so that it is written under its own name. Everywhere else a file gets its name when it is whole, as Spark does it.
 * Thread-safe.
 */
public final class ObjectFileManager extends FileSystemBasedCheckpointFileManager {
    /** The setting that names this class. */
    public static final String SETTING = "spark.sql.streaming.checkpointFileManagerClass";

    private final Configuration configuration;

    /** As Spark makes it. */
    public ObjectFileManager(Path folder, Configuration configuration) {
        super(folder, configuration);
        this.configuration = configuration;
    }

    @Override
    public CancellableFSDataOutputStream createAtomic(Path path, boolean overwriteIfPossible) {
        try {
            return NewFile.isConditional(fs(), path)
                    ? new WholeObject(NewFile.open(fs(), path, overwriteIfPossible))
                    : byRenaming(path).createAtomic(path, overwriteIfPossible);
        } catch (IOException e) {
            throw asItIs(e);
        }
    }

    /** What Spark uses where no class is set. */
    private CheckpointFileManager byRenaming(Path path) {
        try {
            return new FileContextBasedCheckpointFileManager(path.getParent(), configuration);
        } catch (Exception e) {
            if (e instanceof UnsupportedFileSystemException) {
                return new FileSystemBasedCheckpointFileManager(path.getParent(), configuration);
            }
            throw e;
        }
    }

    /** Spark's callers expect exceptions that its interface does not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> E asItIs(Exception failure) throws E {
        throw (E) failure;
    }

    /** An object that is there once the stream is closed, or never. Confined to one thread. */
    private static final class WholeObject extends CancellableFSDataOutputStream {
        private final FSDataOutputStream object;

        WholeObject(FSDataOutputStream object) {
            super(object);
            this.object = object;
        }

        @Override
        public void cancel() {
            object.abort();
        }
    }
}
