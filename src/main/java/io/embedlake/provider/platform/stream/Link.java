package io.embedlake.provider.platform.stream;

import io.embedlake.embed.OutcomeStream;
import io.embedlake.provider.client.Packer;
import io.embedlake.provider.client.ProviderClient;
import java.util.Iterator;
import java.util.Objects;

/**
 * A client with what packs its calls. Thread-safe; closed by whoever opened it, after all its streams.
 *
 * @param client sends
 * @param packer puts texts into calls
 */
public record Link(ProviderClient client, Packer packer) implements AutoCloseable {
    public Link {
        Objects.requireNonNull(client);
        Objects.requireNonNull(packer);
    }

    /** The outcomes of these texts, in their order, one for one. */
    public OutcomeStream run(Iterator<String> texts) {
        return client.run(texts, packer);
    }

    @Override
    public void close() {
        client.close();
    }
}
