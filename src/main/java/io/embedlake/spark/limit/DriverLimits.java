package io.embedlake.spark.limit;

import io.embedlake.provider.limit.Ask;
import io.embedlake.provider.limit.Lease;
import io.embedlake.provider.limit.LimitAuthority;
import io.embedlake.provider.limit.Limits;
import io.embedlake.provider.limit.Pace;
import io.embedlake.provider.limit.remote.LeaseCodec;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The authorities of a driver, by the names of their limits. Thread-safe. */
final class DriverLimits {
    private static final DriverLimits SHARED = new DriverLimits();

    private record Known(Limits limits, Pace pace, LimitAuthority authority) {}

    private final Map<String, Known> authorities = new ConcurrentHashMap<>();

    /** Those of this JVM. */
    static DriverLimits shared() {
        return SHARED;
    }

    /** There is an authority for this limit from now on; one with other numbers begins anew. */
    void declare(String name, Limits limits, Pace pace) {
        authorities.compute(
                name,
                (key, known) -> known != null
                                && known.limits().equals(limits)
                                && known.pace().equals(pace)
                        ? known
                        : new Known(limits, pace, new LimitAuthority(limits, pace, System::nanoTime)));
    }

    /** How many tokens may be charged for from now on; no limit of this name allows any number. */
    void allow(String name, OptionalLong tokens) {
        Known known = authorities.get(name);
        if (known != null) {
            known.authority().allow(tokens);
        }
    }

    Lease exchange(String name, Ask ask) {
        Known known = authorities.get(name);
        if (known == null) {
            throw new IllegalArgumentException("this driver has no limit " + name);
        }
        return known.authority().exchange(ask);
    }

    /** An ask as bytes to a lease as bytes. */
    byte[] exchange(byte[] ask) {
        LeaseCodec.Addressed addressed = LeaseCodec.ask(ask);
        return LeaseCodec.bytes(exchange(addressed.limit(), addressed.ask()));
    }
}
