package io.embedlake.remote.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A provider's batch API, for one model with its options. Implementations are thread-safe and keep no state: what has to outlive the
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
     * Creates a batch, in a single attempt, because it costs money.
     *
     * @param file as {@link #upload} named it
     * @param marker by which {@link #find} finds the batch
     * @return the provider's name of the batch
     * @throws io.embedlake.spi.EmbedlakeException of kind TRANSIENT, THROTTLED or PROTOCOL where it may be created again, after checking
     *     that the batch does not exist
     */
    String submit(String file, String marker);

    /** The provider's id of the batch that was created with this marker, if there is one. */
    Optional<String> find(String marker);

    /** How far a batch is. */
    BatchStatus look(String batch);

    /** Writes the files with a batch's answers into a folder; an answer a line. */
    List<Path> download(BatchStatus over, Path folder);

    /**
     * The id of the text of an answer's line; the rest is not parsed.
     *
     * @throws io.embedlake.remote.format.json.WrongAnswer where there is none
     */
    String id(String line);

    /**
     * What a line of an answer says.
     *
     * @throws io.embedlake.remote.format.json.WrongAnswer where it is no answer of this API or names no text
     */
    BatchAnswer answer(String line);
}
