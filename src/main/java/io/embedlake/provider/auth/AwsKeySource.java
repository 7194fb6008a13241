package io.embedlake.provider.auth;

/** Where the keys of AWS come from; those of a role are replaced every few hours. Thread-safe; prints no secret. */
public interface AwsKeySource {
    /**
     * The key to sign with now.
     *
     * @throws io.embedlake.embed.EmbedlakeException when there is none
     */
    AwsKey key();

    /**
     * Takes note that a key was refused.
     *
     * @param id of the key
     * @return whether there is another one now
     */
    default boolean renew(String id) {
        return !key().id().equals(id);
    }
}
