package io.embedlake.config;

import io.embedlake.remote.platform.Endpoint;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Platforms;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads a job's settings for providers, and ensures that no text is sent without consent, unencrypted, or to a host that is
 * not allowed. Confined to one thread; made for one job.
 */
final class ProviderReader {
    private final Section root;
    private final Section consent;
    private final Map<String, String> limits = new TreeMap<>();
    private final Map<String, String> proxy = new TreeMap<>();
    private final Optional<TermsAccepted> terms;
    private final Optional<List<String>> allowedHosts;

    ProviderReader(Section root) {
        this.root = root;
        Section given = root.group("limits");
        Keys.CLIENT_LIMITS.forEach(
                key -> given.value(key).ifPresent(value -> limits.put(key.path(), value.toString())));
        Section named = root.group("proxy");
        Keys.PROXY.forEach(key -> named.value(key).ifPresent(value -> proxy.put(key.path(), value.toString())));
        Keys.PROXY.stream()
                .filter(key -> named.has(key) && !named.has(Keys.PROXY_ADDRESS))
                .forEach(
                        key -> named.refuse(
                                key,
                                "is set without proxy.address (it logs in to that proxy). Set proxy.address, or remove this key."));
        this.consent = root.group("terms-accepted");
        this.terms = terms(consent);
        this.allowedHosts = root.value(Keys.ALLOWED_HOSTS);
    }

    private static Optional<TermsAccepted> terms(Section section) {
        List<Key<?>> keys = List.of(Keys.TERMS_BY, Keys.TERMS_AT, Keys.TERMS_PROVIDER);
        if (keys.stream().noneMatch(section::has)) {
            return Optional.empty();
        }
        keys.stream()
                .filter(key -> !section.has(key))
                .forEach(key -> section.refuse(key, "is missing (consent says by whom, when and for which providers)"));
        Optional<String> by = section.value(Keys.TERMS_BY);
        Optional<LocalDate> at = section.value(Keys.TERMS_AT).flatMap(text -> date(section, text));
        Optional<List<String>> providers = section.value(Keys.TERMS_PROVIDER);
        providers.ifPresent(names -> names.stream()
                .filter(name -> !Keys.PROVIDERS.contains(name))
                .forEach(name -> section.refuse(
                        Keys.TERMS_PROVIDER,
                        name + " is no provider (one of " + String.join(", ", Keys.PROVIDERS) + ")")));
        return by.isPresent() && at.isPresent() && providers.isPresent()
                ? Optional.of(new TermsAccepted(by.get(), at.get(), providers.get()))
                : Optional.empty();
    }

    private static Optional<LocalDate> date(Section section, String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            section.refuse(Keys.TERMS_AT, text + " is no date (such as 2026-11-23)");
            return Optional.empty();
        }
    }

    /** The consent, if the job has some. */
    Optional<TermsAccepted> terms() {
        return terms;
    }

    /** The limits of a platform's client, by key path because embeddings have keys of the same names; empty where nothing is sent. */
    Map<String, String> limits(String platform) {
        return Keys.PROVIDERS.contains(platform) ? limits : Map.of();
    }

    /** What a platform's connections go through, by the paths of keys; nothing where it has none. */
    Map<String, String> proxy(String platform) {
        return Platforms.named(platform).usesNetwork() ? proxy : Map.of();
    }

    /** An embedding's settings for batches, by key name; empty in another mode, which may be temporary. */
    static Map<String, String> batch(Section embedding) {
        Section batch = embedding.group("batch");
        boolean isBatch = embedding.value(Keys.MODE).equals(Optional.of(EmbeddingMode.BATCH));
        Map<String, String> options = new TreeMap<>();
        for (Key<?> key : Keys.BATCH_OPTIONS) {
            batch.value(key)
                    .filter(value -> isBatch)
                    .ifPresent(value -> options.put(EmbeddingSpec.key(key), value.toString()));
        }
        return options;
    }

    private static void checkMode(Section embedding, String platform, ProviderPlatform provider) {
        Section batch = embedding.group("batch");
        if (!embedding.has(Keys.MODE)) {
            Keys.BATCH_OPTIONS.stream()
                    .filter(batch::has)
                    .forEach(key -> batch.refuse(key, "applies to mode batch only. Remove it, or set mode to batch."));
        } else if (!provider.hasBatches() && embedding.value(Keys.MODE).equals(Optional.of(EmbeddingMode.BATCH))) {
            embedding.refuse(
                    Keys.MODE,
                    "is batch, and the platform " + platform + " has no batch API for embeddings (" + batchPlatforms()
                            + " have). Remove it.");
        }
    }

    /** Makes sure that texts may be sent where and how an embedding would send them. */
    void check(Section embedding, String platform, EmbedderRequest request) {
        if (!(Platforms.named(platform) instanceof ProviderPlatform provider)) {
            return;
        }
        if (request.model().isEmpty()) {
            return;
        }
        checkMode(embedding, platform, provider);
        Endpoint endpoint;
        try {
            endpoint = provider.endpoint(request);
        } catch (EmbedlakeException e) {
            // Its sentence names the key; an address may hold a secret by mistake and is not repeated.
            embedding.refuse(
                    Keys.ENDPOINT,
                    embedding.has(Keys.ENDPOINT)
                            ? "is no base URL (https://host/path, without user, password or query)"
                            : "cannot be told (" + e.getMessage() + ")");
            return;
        }
        if (endpoint.isReadable() && !embedding.value(Keys.ALLOW_HTTP).equals(Optional.of(true))) {
            embedding.refuse(
                    Keys.ENDPOINT,
                    "is not encrypted (everybody on the way to " + endpoint.host()
                            + " could read texts and key). Use https, or set allow-http to true.");
        }
        if (allowedHosts.filter(hosts -> !hosts.contains(endpoint.host())).isPresent()) {
            root.refuse(
                    Keys.ALLOWED_HOSTS,
                    "does not name " + endpoint.host() + ", which the platform " + platform
                            + " would send texts to. Add it, or change endpoint.");
        }
        boolean needsConsent = !provider.isSelfHosted() && !endpoint.isLoopback();
        if (needsConsent
                && terms.filter(given -> given.providers().contains(platform)).isEmpty()) {
            consent.refuse(
                    Keys.TERMS_PROVIDER,
                    "does not name " + platform + ", which texts would be sent to at " + endpoint.host()
                            + ". Read its terms, then say who accepted them in terms-accepted: {by, at, provider}.");
        }
    }

    private static String batchPlatforms() {
        return Keys.PROVIDERS.stream()
                .filter(name -> Platforms.named(name) instanceof ProviderPlatform provider && provider.hasBatches())
                .collect(Collectors.joining(", "));
    }
}
