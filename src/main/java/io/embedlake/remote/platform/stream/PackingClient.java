package io.embedlake.remote.platform.stream;

import io.embedlake.remote.http.Packer;
import io.embedlake.remote.http.ProviderClient;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * A client and the packer of its calls. Thread-safe; closed by its owner, after all its streams.
 *
 * @param client sends
 * @param packer groups inputs into calls
 */
public record PackingClient(ProviderClient client, Packer packer) implements AutoCloseable {
    public PackingClient {
        Objects.requireNonNull(client);
        Objects.requireNonNull(packer);
    }

    /** The outcomes of these inputs, in order, one for one. */
    public OutcomeStream run(Iterator<Input> inputs) {
        return client.run(inputs, packer);
    }

    /**
     * Embeds a harmless input, which also reveals errors of the key or the model.
     *
     * @param label the model's name in messages
     * @param advice what to change where it is refused
     * @throws EmbedlakeException when it gets no vectors
     */
    public Outcome.Embedded first(String label, Input harmless, String advice) {
        try (OutcomeStream outcomes = run(List.of(harmless).iterator())) {
            Outcome outcome = outcomes.next();
            if (outcome instanceof Outcome.Embedded embedded) {
                return embedded;
            }
            Outcome.Refused refused = (Outcome.Refused) outcome;
            InputKind kind = harmless instanceof Input.Image ? InputKind.IMAGE : InputKind.TEXT;
            throw outcomes.stopped()
                    .orElseGet(() -> new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot embed with " + label + ": " + refused.reason() + " (a first, harmless " + kind
                                    + " was refused). " + advice));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
