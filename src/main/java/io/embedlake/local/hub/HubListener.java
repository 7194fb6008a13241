package io.embedlake.local.hub;

import java.time.Duration;
import java.util.OptionalLong;

/** Hears how a download goes; called by the thread that downloads. Implementations that throw end the download. */
public interface HubListener {
    /** Hears nothing. */
    HubListener SILENT = new HubListener() {};

    /**
     * A part of a file arrived; the first call reports what an earlier download left.
     *
     * @param file its name in the model
     * @param bytesDone how much of it is there
     * @param bytesTotal its length, if the hub states it
     */
    default void arrived(String file, long bytesDone, OptionalLong bytesTotal) {}

    /** Something failed, for this reason, and is tried again after a pause. */
    default void retries(String reason, Duration pause) {}

    /** The hub could not be asked, for this reason, and what the cache holds of the model is used. */
    default void usesCached(Snapshot cached, String reason) {}
}
