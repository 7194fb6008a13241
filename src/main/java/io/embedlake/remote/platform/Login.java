package io.embedlake.remote.platform;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.ExpiringToken;
import io.embedlake.remote.auth.token.ClientCredentials;
import io.embedlake.spi.SecretReference;
import java.util.Optional;
import java.util.function.Supplier;

/** From what a job names to what signs its calls: a client, a key, the variable of a key, or what the surroundings have. Stateless. */
final class Login {
    private Login() {}

    static Credentials of(ProviderPlatform platform, ApiOptions options, Surroundings surroundings) {
        if (Client.isMeant(platform, options)) {
            Client client = Client.of(options);
            Supplier<String> secret = new KeptSecret(
                    client.secret(), platform.name(), ClientOptions.SECRET.name(), surroundings.environment());
            return platform.tokenServer(options)
                    .map(server -> new ExpiringToken(
                            new ClientCredentials(
                                    server, client.id(), secret, surroundings.http(), surroundings.clock()),
                            surroundings.clock()))
                    .orElseThrow(() -> new IllegalStateException(platform.name() + " knows no clients"));
        }
        Optional<String> usual = platform.api()
                .keyVariable()
                .filter(name -> options.text(SignIn.OPTION.name()).isEmpty())
                .filter(name -> surroundings.variable(name).isPresent())
                .map(name -> "env:" + name);
        return options.text(ProviderPlatform.API_KEY)
                .or(() -> usual)
                .map(reference -> platform.credentials(
                        options,
                        new KeptSecret(
                                SecretReference.parse(reference),
                                platform.name(),
                                ProviderPlatform.API_KEY,
                                surroundings.environment()),
                        surroundings))
                .orElseGet(() -> platform.withoutKey(options, surroundings));
    }
}
