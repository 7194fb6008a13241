package io.embedlake.provider.platform;

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
record Link(ProviderClient client, Packer packer) implements AutoCloseable {
    Link {
        Objects.requireNonNull(client);
        Objects.requireNonNull(packer);
    }

    OutcomeStream run(Iterator<String> texts) {
        return client.run(texts, packer);
    }

    @Override
    public void close() {
        client.close();
    }
}
