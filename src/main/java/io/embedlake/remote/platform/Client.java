package io.embedlake.remote.platform;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.util.Objects;

/**
 * The client, or service principal, that a job names instead of a key. Immutable; holds no secret.
 *
 * @param id its id at the token issuer
 * @param secret where its secret is
 */
record Client(String id, SecretReference secret) {
    Client {
        Objects.requireNonNull(id);
        Objects.requireNonNull(secret);
    }

    /** Whether a job names one: an id alone may be that of an identity, where the platform supports identities. */
    static boolean isMeant(ProviderPlatform platform, ApiOptions options) {
        return options.text(ClientOptions.SECRET.name()).isPresent()
                || options.text(ClientOptions.ID.name()).isPresent() && !platform.hasIdentities(options);
    }

    /**
     * The client that a job names.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it names half a client, or a key as well
     */
    static Client of(ApiOptions options) {
        if (options.text(ProviderPlatform.API_KEY).isPresent()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + options.model() + ": both " + ProviderPlatform.API_KEY + " and "
                            + ClientOptions.ID.name() + " are set (calls are signed with one of them). Remove one.");
        }
        return new Client(
                options.required(ClientOptions.ID.name(), "11111111-2222-3333-4444-555555555555"),
                SecretReference.parse(options.required(ClientOptions.SECRET.name(), "env:CLIENT_SECRET")));
    }
}
