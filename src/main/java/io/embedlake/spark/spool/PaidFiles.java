package io.embedlake.spark.spool;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** Reads files of a spool. Immutable; travels to executors. */
public record PaidFiles(SerializableConfiguration configuration) implements java.io.Serializable {
    /** The texts of a file; none where it was not written to its end, or is gone since it was listed. */
    public List<PaidText> read(String file) {
        Path path = new Path(file);
        try (FSDataInputStream in =
                Spool.fileSystem(path, configuration.value()).open(path)) {
            return PaidFile.read(in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            // It was being written when its process was killed.
            return List.of();
        }
    }
}
