package io.embedlake;

import java.time.Duration;
import java.util.OptionalLong;

/** Receives the progress of a model download. Called from several threads at once. */
public interface DownloadListener {
    /**
     * More of a file has arrived.
     *
     * @param file its name in the model
     * @param bytesDone what is here of it
     * @param bytesTotal its length, if the server reports it
     */
    default void arrived(String file, long bytesDone, OptionalLong bytesTotal) {}

    /** Something failed and is tried again after a pause. */
    default void retries(String reason, Duration pause) {}

    /** The hub cannot be reached, and the cached version of a model is used. */
    default void usesCached(String model, String reason) {}
}
