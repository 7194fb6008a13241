package io.embedlake.fake.store;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How a store treats requests. Immutable.
 *
 * @param latency how long each request waits
 * @param slowDown the share that is refused with 503 SlowDown
 * @param resets the share whose connection is reset: before the request is heard, after it was obeyed, or within the answer
 * @param seed of the draws
 */
public record Weather(Duration latency, double slowDown, double resets, long seed) {
    /** Nothing happens. */
    public static final Weather FAIR = new Weather(Duration.ZERO, 0, 0, 0);

    public Weather {
        if (latency.isNegative() || slowDown < 0 || resets < 0 || slowDown + resets > 1) {
            throw new IllegalArgumentException("shares are from 0 to 1 together, a latency is not negative");
        }
    }

    /** What becomes of a request. */
    enum Fate {
        ANSWERED,
        REFUSED,
        UNHEARD,
        UNANSWERED,
        CUT
    }

    /** The fate of the request with this number: the same each time. */
    Fate fate(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        double draw = random.nextDouble();
        if (draw < slowDown) {
            return Fate.REFUSED;
        }
        if (draw >= slowDown + resets) {
            return Fate.ANSWERED;
        }
        return switch (random.nextInt(3)) {
            case 0 -> Fate.UNHEARD;
            case 1 -> Fate.UNANSWERED;
            default -> Fate.CUT;
        };
    }
}
