package io.embedlake.remote.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.testing.Property;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** The whole of rate limiter and clients, in simulated time: what is promised, for machines that pause and networks that dawdle. */
class LeasesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SimulatedCluster.Costs ONE = random -> new Cost(1, 1, 1);

    @Test
    void fourHoldersNeverExceedAnyWindowAndUseNinetySevenPercent() {
        Property.holds(20, random -> {
            long perMinute = List.of(600L, 60L, 3000L, 90L).get(random.nextInt(4));
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(perMinute), ONE, 0);
            cluster.time.run(300 * SECOND);
            for (int seconds : new int[] {1, 10, 60}) {
                long allowed = (perMinute * seconds + 59) / 60;
                assertWithin(cluster.sent, sent -> 1, seconds, allowed);
            }
            long used = cluster.sent.size() * 1000L / (perMinute * 5);
            assertTrue(used >= 970, used + " per mille of " + perMinute + " a minute are used");
        });
    }

    /** A first answer that takes 30 ms one way and 1 ms the other leaves the clocks' difference uncertain by as much. */
    @Test
    void callsLeaveWithinTheirPermitsHoweverUnevenTheFirstWaysAre() {
        Property.holds(5690030214472L, 2500, random -> {
            long perMinute = List.of(60L, 90L, 600L).get(random.nextInt(3));
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(perMinute), ONE, 0);
            cluster.time.run(5 * SECOND);
            assertPunctual(cluster.sent);
            assertWithin(cluster.sent, sent -> 1, 1, (perMinute + 59) / 60);
        });
    }

    @Test
    void networksThatAreSlowOneWaySendLessButNeverMoreAndNeverNothing() {
        Property.holds(1, 150, random -> {
            int slowest = 1 + random.nextInt(150_000_000);
            long[] ways = random.longs(8, 0, slowest).toArray();
            SimulatedCluster.Network network = (any, holder, isBack) ->
                    ways[2 * holder + (isBack ? 1 : 0)] + SimulatedCluster.Network.QUICK.nanos(any, holder, isBack);
            long perMinute = List.of(60L, 600L, 3000L).get(random.nextInt(3));
            SimulatedCluster cluster =
                    new SimulatedCluster(random, 4, Limits.NONE.withRequests(perMinute), ONE, 1, network);
            cluster.time.run(130 * SECOND);
            assertPunctual(cluster.sent);
            for (int seconds : new int[] {1, 10, 60}) {
                assertWithin(cluster.sent, sent -> 1, seconds, perMinute * seconds / 60);
            }
            long unhurried = Math.min(perMinute / 60, SECOND / (2L * slowest + SECOND / 50));
            assertTrue(cluster.sent.size() > 60 * unhurried, cluster.sent.size() + " at " + slowest + " ns a way");
        });
    }

    /** A machine that becomes busy, or a driver that does, answers later than its first answers promised. */
    @Test
    void networkThatBecomesSlowStarvesNobodyHoweverFewOfItsCallsWait() {
        Property.holds(1, 60, random -> {
            long slowest = 20_000_000L + random.nextInt(600_000_000);
            AtomicBoolean isSlow = new AtomicBoolean();
            SimulatedCluster.Network network = (any, holder, isBack) -> isSlow.get()
                    ? slowest / 2 + (long) (slowest / 2 * any.nextDouble())
                    : 200_000 + any.nextInt(1_000_000);
            SimulatedCluster cluster = new SimulatedCluster(
                    random, 2, Limits.NONE.withRequests(3000), ONE, 1, network, 1 + random.nextInt(3));
            cluster.time.run(5 * SECOND);
            isSlow.set(true);
            cluster.time.run(60 * SECOND);
            assertPunctual(cluster.sent);
            assertWithin(cluster.sent, sent -> 1, 1, 50);
            for (int holder = 0; holder < 2; holder++) {
                int number = holder;
                long sent = cluster.sent.stream()
                        .filter(one -> one.holder() == number && one.nanos() > 5 * SECOND)
                        .count();
                assertTrue(
                        sent > 60 * SECOND / (8 * slowest + SECOND / 10),
                        "holder " + holder + " sent " + sent + " at up to " + slowest + " ns a way");
            }
        });
    }

    @Test
    void withoutALimitASlowNetworkStillSends() {
        Property.holds(1, 20, random -> {
            long way = random.nextInt(150_000_000);
            SimulatedCluster.Network network =
                    (any, holder, isBack) -> way + SimulatedCluster.Network.QUICK.nanos(any, holder, isBack);
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE, ONE, 0, network);
            cluster.time.run(3 * SECOND);
            assertPunctual(cluster.sent);
            assertTrue(cluster.sent.size() > 200, cluster.sent.size() + " at " + way + " ns a way");
        });
    }

    @Test
    void machinesThatPauseSendLessButNeverMore() {
        Property.holds(20, random -> {
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(600), ONE, 3);
            cluster.time.run(120 * SECOND);
            for (int seconds : new int[] {1, 10, 60}) {
                assertWithin(cluster.sent, sent -> 1, seconds, 10L * seconds);
            }
            assertTrue(cluster.sent.size() > 1080, cluster.sent.size() + " of 1200 were sent");
        });
    }

    @Test
    void tokensStayWithinEachMinuteAndAreUsed() {
        Property.holds(10, random -> {
            SimulatedCluster.Costs uneven = any -> new Cost(1, 10 + any.nextInt(1000), 1);
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withTokens(60_000), uneven, 0);
            cluster.time.run(300 * SECOND);
            assertWithin(cluster.sent, sent -> sent.cost().tokens(), 60, 60_000);
            long tokens = cluster.sent.stream()
                    .mapToLong(sent -> sent.cost().tokens())
                    .sum();
            assertTrue(tokens > 0.97 * 300_000, "used " + tokens);
        });
    }

    /** Where now tokens are scarce and now inputs, no pace uses up both. */
    @Test
    void allLimitsHoldWhateverTheMix() {
        Property.holds(10, random -> {
            SimulatedCluster.Costs mixed = any -> {
                int inputs = 1 + any.nextInt(40);
                return new Cost(1, inputs * (5L + any.nextInt(30)), inputs);
            };
            Limits limits = Limits.NONE.withRequests(6000).withTokens(30_000).withInputs(2_000);
            SimulatedCluster cluster = new SimulatedCluster(random, 4, limits, mixed, 1);
            cluster.time.run(300 * SECOND);
            assertWithin(cluster.sent, sent -> sent.cost().tokens(), 60, 30_000);
            assertWithin(cluster.sent, sent -> sent.cost().inputs(), 60, 2_000);
            assertWithin(cluster.sent, sent -> 1, 1, 100);
            long tokens = cluster.sent.stream()
                    .mapToLong(sent -> sent.cost().tokens())
                    .sum();
            assertTrue(tokens > 0.8 * 150_000, "used " + tokens);
        });
    }

    @Test
    void everyHolderGetsItsShare() {
        Property.holds(10, random -> {
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(600), ONE, 0);
            cluster.time.run(300 * SECOND);
            for (int holder = 0; holder < 4; holder++) {
                int number = holder;
                long share = cluster.sent.stream()
                        .filter(sent -> sent.holder() == number)
                        .count();
                assertTrue(share > 450, "holder " + holder + " sent " + share + " of " + cluster.sent.size());
            }
            assertTrue(cluster.asks() < 3L * cluster.sent.size(), cluster.asks() + " asks");
        });
    }

    @Test
    void pauseStopsAllHoldersWithinTheHorizonAndForAsLongAsAsked() {
        Property.holds(20, random -> {
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(3000), ONE, 0);
            cluster.time.run(20 * SECOND);
            long refused = cluster.time.nanos();
            SimulatedCluster.Sent last = cluster.sent.get(cluster.sent.size() - 1);
            cluster.holders.get(last.holder()).refused(last.permit(), Duration.ofSeconds(5));
            cluster.time.run(60 * SECOND);
            long told = refused + Duration.ofMillis(100).toNanos();
            assertEquals(0, count(cluster.sent, told + Pace.STRICT.horizon().toNanos(), refused + 5 * SECOND));
            assertTrue(
                    count(cluster.sent, refused, refused + 5 * SECOND) <= 10,
                    () -> count(cluster.sent, refused, refused + 5 * SECOND) + " were sent in the pause");
            assertEquals(
                    0,
                    cluster.sent.stream()
                            .filter(sent -> sent.holder() == last.holder()
                                    && sent.nanos()
                                            > refused + Duration.ofMillis(1).toNanos()
                                    && sent.nanos() < refused + 5 * SECOND)
                            .count());
            long first = count(cluster.sent, refused + 5 * SECOND, refused + 6 * SECOND);
            assertTrue(first >= 45 && first <= 50, "one refusal of hundreds hardly slows the pace: " + first);
            long later = count(cluster.sent, refused + 20 * SECOND, refused + 21 * SECOND);
            assertTrue(later >= 48 && later <= 50, "and then at the whole again: " + later);
        });
    }

    @Test
    void holderThatHearsNothingStopsWhenItsPermitsEnd() {
        Property.holds(10, random -> {
            SimulatedCluster cluster = new SimulatedCluster(random, 4, Limits.NONE.withRequests(1200), ONE, 0);
            cluster.time.run(10 * SECOND);
            cluster.cutOff(2);
            long end = cluster.time.nanos() + Duration.ofMillis(300).toNanos();
            cluster.time.run(20 * SECOND);
            assertEquals(
                    0,
                    cluster.sent.stream()
                            .filter(sent -> sent.holder() == 2 && sent.nanos() > end)
                            .count());
            long others = count(cluster.sent, end + SECOND, end + 11 * SECOND);
            assertTrue(others >= 192, "the others use what it leaves: " + others + " of 200");
        });
    }

    private static void assertPunctual(List<SimulatedCluster.Sent> sent) {
        for (SimulatedCluster.Sent one : sent) {
            Permit permit = one.permit();
            assertTrue(
                    one.nanos() >= permit.fromNanos() && one.nanos() <= permit.untilNanos(),
                    () -> "sent at " + one.nanos() + " with " + permit);
        }
    }

    private static void assertWithin(
            List<SimulatedCluster.Sent> sent, ToLongFunction<SimulatedCluster.Sent> cost, int seconds, long allowed) {
        long sum = 0;
        int first = 0;
        for (SimulatedCluster.Sent last : sent) {
            sum += cost.applyAsLong(last);
            while (sent.get(first).nanos() <= last.nanos() - seconds * SECOND) {
                sum -= cost.applyAsLong(sent.get(first++));
            }
            long within = sum;
            assertTrue(within <= allowed, () -> within + " instead of " + allowed + " within " + seconds + " s");
        }
    }

    private static long count(List<SimulatedCluster.Sent> sent, long from, long to) {
        return sent.stream()
                .filter(one -> one.nanos() >= from && one.nanos() < to)
                .count();
    }
}
