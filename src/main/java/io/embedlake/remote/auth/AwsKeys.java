package io.embedlake.remote.auth;

import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The source of AWS keys; temporary ones are renewed. Thread-safe; prints no secret. */
public interface AwsKeys {
    /**
     * The key to sign with now.
     *
     * @throws io.embedlake.spi.EmbedlakeException when there is no key
     */
    AwsCredentialsIdentity key();

    /**
     * Reports a refused key.
     *
     * @param id of the key
     * @return whether there is another one now
     */
    default boolean renew(String id) {
        return !key().accessKeyId().equals(id);
    }
}
