package io.embedlake.remote.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A provider's batch API, for one model with its options. Implementations are thread-safe and keep no state: whatever has to outlive the
 * process is in a {@link BatchJournal}. They throw {@link io.embedlake.spi.EmbedlakeException}.
 */
public interface BatchApi {
    /** What a batch may hold. */
    BatchLimits limits();

    /** The line of a text in the file of a batch, with its end, in UTF-8. */
    byte[] line(BatchText text);

    /**
     * Uploads the file of a batch, which costs nothing yet.
     *
     * @param marker a name for it: letters, digits and dashes
     * @return the provider's name of the file
     */
    String upload(Path file, String marker);

    /**
     * Asks once for a batch, which costs money.
     *
     * @param file as {@link #upload} named it
     * @param marker by which {@link #find} finds the batch
     * @return the provider's name of the batch
     * @throws io.embedlake.spi.EmbedlakeException of kind TRANSIENT, THROTTLED or PROTOCOL where it may be asked for again, after
     *     looking whether the batch is there nevertheless
     */
    String submit(String file, String marker);

    /** The provider's name of the batch that was asked for with this marker, if there is one. */
    Optional<String> find(String marker);

    /** How far a batch is. */
    BatchStatus look(String batch);

    /** Writes the files with a batch's answers into a folder; an answer a line. */
    List<Path> download(BatchStatus over, Path folder);

    /**
     * The text that a line of an answer is about, without a look at what it says.
     *
     * @throws io.embedlake.remote.format.json.WrongAnswer where it names none
     */
    String id(String line);

    /**
     * What a line of an answer says.
     *
     * @throws io.embedlake.remote.format.json.WrongAnswer where it is no answer of this API or names no text
     */
    BatchAnswer answer(String line);
}
