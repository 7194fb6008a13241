package io.embedlake;

import java.time.Duration;
import java.util.OptionalLong;

/** Hears how the download of a model gets on. Called from several threads at once. */
public interface DownloadListener {
    /**
     * More of a file has arrived.
     *
     * @param file its name in the model
     * @param bytesDone what is here of it
     * @param bytesTotal how long it is, if the server says it
     */
    default void arrived(String file, long bytesDone, OptionalLong bytesTotal) {}

    /** Something failed and is tried again after a pause. */
    default void retries(String reason, Duration pause) {}

    /** The hub cannot be asked, and the cached version of a model is used. */
    default void usesCached(String model, String reason) {}
}
