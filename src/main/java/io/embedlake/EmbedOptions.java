package io.embedlake;

import java.util.List;

/** Options for embedding a data set's column with a provider. Immutable: every method gives other options. */
public final class EmbedOptions extends Value<Settings> {
    private EmbedOptions(Settings keys) {
        super(keys);
    }

    /** No texts are sent to providers that need consent. */
    public static EmbedOptions defaults() {
        return new EmbedOptions(Settings.NONE);
    }

    /** Limits on calls to the provider; a budget covers all queries of the data set together. */
    public EmbedOptions limits(Limits limits) {
        return new EmbedOptions(value().with("limits", limits.value()));
    }

    /** That texts may be sent to the provider. */
    public EmbedOptions consent(Consent consent) {
        return new EmbedOptions(value().with("terms-accepted", consent.keys()));
    }

    /** The only hosts that texts may be sent to. */
    public EmbedOptions allowedHosts(String... hosts) {
        return new EmbedOptions(value().with("allowed-hosts", List.of(hosts)));
    }
}
