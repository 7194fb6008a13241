package io.embedlake.fake.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How often which faults happen. The draw depends on the request and on how often it came, not on the order in which threads arrive:
 * the same client meets the same faults again. Immutable.
 *
 * @param share of requests that meet a fault, 0 to 1
 * @param seed another one, other faults
 * @param kinds in the order of {@link Fault}; each as likely as the others
 */
public record Faults(double share, long seed, List<Fault> kinds) {
    public Faults {
        kinds = kinds.stream().distinct().sorted(Comparator.naturalOrder()).toList();
        if (!(share >= 0 && share <= 1) || share > 0 && kinds.isEmpty()) {
            throw new IllegalArgumentException("a share is between 0 and 1, of some faults: " + share + " of " + kinds);
        }
    }

    /** Nothing goes wrong. */
    public static Faults none() {
        return new Faults(0, 0, List.of());
    }

    /** Faults of these kinds. */
    public static Faults of(double share, long seed, Set<Fault> kinds) {
        return new Faults(share, seed, List.copyOf(kinds));
    }

    /**
     * The fault of a request, if it meets one.
     *
     * @param request says which one it is, such as a hash of its body
     * @param times how often it came before
     */
    public Optional<Fault> draw(String request, int times) {
        SplittableRandom random = new SplittableRandom(seed * 31 + request.hashCode() + times * 0x9E3779B97F4A7C15L);
        if (random.nextDouble() >= share) {
            return Optional.empty();
        }
        return Optional.of(kinds.get(random.nextInt(kinds.size())));
    }
}
