package io.embedlake.provider.platform;

import io.embedlake.embed.SecretReference;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.auth.ExpiringToken;
import io.embedlake.provider.auth.token.ClientCredentials;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/** From what a job names to what signs its calls: a client, a key, or neither. Stateless. */
final class Login {
    private Login() {}

    static Credentials of(ProviderPlatform platform, ApiOptions options, Map<String, String> environment) {
        if (Client.isMeant(options)) {
            Client client = Client.of(options);
            Supplier<String> secret =
                    new KeptSecret(client.secret(), platform.name(), ClientOptions.SECRET.name(), environment);
            Clock clock = Clock.systemUTC();
            return platform.tokenServer(options)
                    .map(server -> new ExpiringToken(
                            new ClientCredentials(server, client.id(), secret, ProviderPlatform.forms(), clock), clock))
                    .orElseThrow(() -> new IllegalStateException(platform.name() + " knows no clients"));
        }
        return options.text(ProviderPlatform.API_KEY)
                .map(reference -> platform.credentials(
                        options,
                        new KeptSecret(
                                SecretReference.parse(reference),
                                platform.name(),
                                ProviderPlatform.API_KEY,
                                environment)))
                .orElseGet(() -> platform.withoutKey(options, environment));
    }
}
