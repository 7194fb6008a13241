package io.embedlake;

import io.embedlake.spark.report.RunPage;
import io.embedlake.spark.report.RunStory;
import io.embedlake.spark.search.ColumnSample.Shown;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the page about a run goes. Immutable.
 *
 * @param file the file; it is replaced
 * @param shown what the page shows of sampled rows
 */
record RunPageFile(Path file, Shown shown) {
    RunPageFile {
        file = file.toAbsolutePath();
    }

    /**
     * Refuses a place that nothing can be written to, before any work.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} then
     */
    void requireWritable() {
        boolean isThere = Files.exists(file);
        if (isThere ? !Files.isRegularFile(file) || !Files.isWritable(file) : !Files.isWritable(file.getParent())) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot write the page about the run to " + file
                            + " (it is no file, or its folder is not there or cannot be written). Name another file.");
        }
    }

    /** Writes the page. */
    void write(RunStory story) throws IOException {
        Files.writeString(file, RunPage.of(story));
    }
}
