package io.embedlake.spark.spool;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** Reads files of a spool. Immutable; travels to executors. */
public record SegmentReader(SerializableConfiguration configuration) implements Serializable {
    /**
     * The texts of a file; none where it is gone since it was listed, and none of a block that was not written to its end.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the file cannot be read: it stays where it is
     */
    public List<PaidText> read(String file) {
        Path path = new Path(file);
        try (FSDataInputStream in =
                Spool.fileSystem(path, configuration.value()).open(path)) {
            return Segment.read(in.readAllBytes());
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot read vectors that are paid for and not yet in the store: " + file + " (" + e.getMessage()
                            + "). They are kept: start the job again when the file can be read, or remove it to pay again.",
                    e);
        }
    }
}
