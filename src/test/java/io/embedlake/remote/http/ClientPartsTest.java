package io.embedlake.remote.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.remote.format.Reply;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ClientPartsTest {
    @Test
    void callAsLargeAsOneThatWasTooBigIsCutBeforeItIsSent() {
        RefusedSizes sizes = new RefusedSizes();
        assertEquals(1, sizes.parts(100, 1000));
        sizes.refused(100, 1000);
        assertEquals(2, sizes.parts(100, 1000));
        assertEquals(2, sizes.parts(200, 1500));
        assertEquals(1, sizes.parts(99, 5000), "it may be the texts that are too many");
        assertEquals(1, sizes.parts(100, 999), "it may be the characters");
        sizes.atMost(16);
        assertEquals(7, sizes.parts(100, 10));
        assertEquals(1, sizes.parts(16, 10));
    }

    @Test
    void roomIsLearntFromAnswersAndGivenBackOnce() {
        ByteBudget bytes = new ByteBudget(1_000_000, OptionalInt.of(1000));
        ByteBudget.Hold first = bytes.take(30, 1000).orElseThrow();
        assertEquals(30 * 28_000 + 6_000, bytes.held());
        assertTrue(bytes.take(10, 0).isEmpty());
        bytes.learn(30, 30 * 500, 1000);
        assertTrue(bytes.take(10, 0).isPresent());
        first.shrinkTo(4000);
        first.shrinkTo(9000);
        assertEquals(4000 + 50_000, bytes.held());
        first.shrinkTo(0);
        first.shrinkTo(0);
        assertEquals(50_000, bytes.held());
        bytes.takeAnyway(1000, 0);
        assertEquals(5_050_000, bytes.held());
    }

    @Test
    void sizeIsSuspectOnlyWhereNoneLikeItEverPassed() {
        RefusedSizes sizes = new RefusedSizes();
        sizes.passed(64, 1000);
        assertFalse(sizes.isSuspect(64, 900, true), "its like passed");
        assertTrue(sizes.isSuspect(64, 2000, true));
        assertTrue(new RefusedSizes().isSuspect(64, 2000, true));
        RefusedSizes unlucky = new RefusedSizes();
        assertFalse(unlucky.isSuspect(64, 2000, false), "chance does it once");
        assertTrue(unlucky.isSuspect(64, 2000, false));
        assertTrue(sizes.hasPassed(64));
        assertFalse(sizes.hasPassed(65));
    }

    @Test
    void moreFailuresAreChanceTheMoreOftenCallsFail() {
        Evidence calm = new Evidence();
        Evidence stormy = new Evidence();
        for (int request = 0; request < 200; request++) {
            calm.succeeded(request, 0);
            stormy.succeeded(request, request % 2);
        }
        assertEquals(1, calm.failuresBeyond(1e-2));
        assertTrue(calm.failuresBeyond(1e-6) <= 3, "at one failure in 200");
        assertEquals(5, stormy.failuresBeyond(1e-2), "at one failure in three");
        assertEquals(13, stormy.failuresBeyond(1e-6));
        assertTrue(stormy.worksSince(199));
        assertFalse(stormy.worksSince(200));
        assertFalse(new Evidence().worksSince(Long.MIN_VALUE));
    }

    @Test
    void addressThatTheServerMovedOnItsHostIsFollowedAndNoOther() {
        Redirects redirects = new Redirects();
        URI old = URI.create("http://host:8000/embed");
        assertTrue(redirects.learn(old, moved(307, "/embed/")));
        URI made = URI.create("http://host:8000/embed/");
        assertEquals(made, redirects.follow(old));
        assertTrue(redirects.learn(made, moved(308, "https://HOST/embed/")));
        assertEquals(URI.create("https://HOST/embed/"), redirects.follow(old));
        URI other = URI.create("http://host:8000/other");
        assertFalse(redirects.learn(other, moved(307, "http://elsewhere:8000/other")));
        assertFalse(redirects.learn(other, moved(307, "http://host:8001/other")));
        assertFalse(redirects.learn(other, moved(307, "http://host:8000/other")), "a loop");
        assertFalse(redirects.learn(other, moved(302, "/login")));
        assertFalse(redirects.learn(other, moved(307, "http://[")));
    }

    private static Reply moved(int status, String location) {
        return new Reply(status, Map.of("location", List.of(location)), new byte[0]);
    }
}
