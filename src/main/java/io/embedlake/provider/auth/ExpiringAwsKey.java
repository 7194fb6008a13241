package io.embedlake.provider.auth;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The key of a role, asked for when it is first needed, again minutes before it expires, and again when it was refused; one that is still
 * good is used on while no other can be had. Thread-safe.
 */
public final class ExpiringAwsKey implements AwsKeySource {
    /** New keys are there 5 minutes before the old ones expire. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final Supplier<AwsKey> asking;
    private final Clock clock;
    private Optional<AwsKey> current = Optional.empty();

    public ExpiringAwsKey(Supplier<AwsKey> asking, Clock clock) {
        this.asking = Objects.requireNonNull(asking);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public synchronized AwsKey key() {
        Optional<AwsKey> good = current.filter(key -> isGood(key, Duration.ZERO));
        if (good.filter(key -> isGood(key, MARGIN)).isPresent()) {
            return good.get();
        }
        try {
            AwsKey key = asking.get();
            current = Optional.of(key);
            return key;
        } catch (EmbedlakeException e) {
            if (e.kind() == ErrorKind.TRANSIENT && good.isPresent()) {
                return good.get();
            }
            throw e;
        }
    }

    private boolean isGood(AwsKey key, Duration margin) {
        Instant then = clock.instant().plus(margin);
        return key.expiresAt().map(then::isBefore).orElse(true);
    }

    @Override
    public synchronized boolean renew(String id) {
        current = current.filter(key -> !key.id().equals(id));
        return !key().id().equals(id);
    }

    @Override
    public String toString() {
        return "keys of a role of AWS";
    }
}
