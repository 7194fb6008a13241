package io.embedlake.provider.auth;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The key of a role, asked for when it is first needed, again minutes before it expires, and again when it was refused; one that is still
 * good is used on while no other can be had. Thread-safe.
 */
public final class ExpiringAwsKey implements AwsKeySource {
    /** New keys are there 5 minutes before the old ones expire. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final CachedCredential<AwsKey> held;

    public ExpiringAwsKey(Supplier<AwsKey> asking, Clock clock) {
        this.held = new CachedCredential<>(asking, AwsKey::expiresAt, MARGIN, clock);
    }

    @Override
    public AwsKey key() {
        return held.get();
    }

    @Override
    public boolean renew(String id) {
        held.drop(key -> key.id().equals(id));
        return !key().id().equals(id);
    }

    @Override
    public String toString() {
        return "keys of a role of AWS";
    }
}
