package io.embedlake.remote.platform;

import io.embedlake.http.Proxies;
import io.embedlake.spi.SecretReference;
import java.util.Map;
import java.util.function.Supplier;

/** The proxy that a job names, by the paths of its keys; the environment's and the JVM's where it names none. Stateless. */
final class ProxyOptions {
    private static final String PASSWORD = "proxy.password";

    private ProxyOptions() {}

    static Proxies of(ApiOptions options, String platform, Map<String, String> environment) {
        Supplier<String> password = options.text(PASSWORD)
                .<Supplier<String>>map(
                        reference -> new KeptSecret(SecretReference.parse(reference), platform, PASSWORD, environment))
                .orElse(() -> "");
        Proxies usual = Proxies.of(environment);
        return options.text("proxy.address")
                .map(address -> usual.with(address, options.text("proxy.user"), password))
                .orElse(usual);
    }
}
