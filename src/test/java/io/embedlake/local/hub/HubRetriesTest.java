package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubRetriesTest {
    @TempDir
    Path folder;

    private HubFixture fixture;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        fixture.repository.commit(HubFixture.files());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void aBusyHubIsAskedAgain(int status) {
        fixture.server.fault(Faults.status("GET", "/revision/main", 2, status, Map.of()));
        assertTrue(Files.isDirectory(fixture.hub().resolve(MODEL).folder()));
        assertEquals(List.of(1L, 2L), seconds());
        assertEquals("retry: localhost answered with status " + status, fixture.events.get(0));
    }

    @Test
    void eachRequestOfADownloadIsRepeated() {
        fixture.server.fault(Faults.status("HEAD", WEIGHTS, 1, 503, Map.of()));
        fixture.server.fault(Faults.status("GET", WEIGHTS, 2, 503, Map.of()));
        fixture.hub().resolve(MODEL);
        assertEquals(List.of(1L, 1L, 2L), seconds());
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "0, 1",
        "86400, 66",
        "'Sun, 01 Mar 2026 12:00:30 GMT', 33",
        "'Sun, 01 Mar 2026 11:00:00 GMT', 1",
        "'Mon, 02 Mar 2026 12:00:00 GMT', 66",
        "later, 1",
    })
    void waitsAsLongAsTheHubAsksWithinLimits(String header, long seconds) {
        fixture.server.fault(Faults.status("GET", "/revision/main", 1, 429, Map.of("Retry-After", header)));
        fixture.hub().resolve(MODEL);
        assertEquals(List.of(seconds), seconds());
    }

    @Test
    void aHubThatStaysBusyIsGivenUp() {
        fixture.server.fault(Faults.status("GET", "/revision/main", 99, 503, Map.of()));
        assertRefused(
                ErrorKind.TRANSIENT,
                "Cannot reach the hub: " + fixture.server.endpoint()
                        + " (localhost answered with status 503; attempts: 5). Try again later, check HTTPS_PROXY, set"
                        + " HF_ENDPOINT to a mirror, or set HF_HUB_OFFLINE=1 to use only what is in the cache.",
                () -> fixture.hub().resolve(MODEL));
        assertEquals(List.of(1L, 2L, 4L, 8L), seconds());
    }

    @Test
    void aHubThatIsNotThereIsGivenUp() {
        fixture.server.close();
        EmbedlakeException failure =
                assertThrows(EmbedlakeException.class, () -> fixture.hub().resolve(MODEL));
        assertEquals(ErrorKind.TRANSIENT, failure.kind());
        assertTrue(failure.getMessage().contains("(no connection; attempts: 5)"), failure.getMessage());
    }

    @Test
    void aHostWithoutAnAddressIsGivenUp() {
        Hub hub = fixture.with("HF_ENDPOINT", "http://hub.invalid").hub();
        EmbedlakeException failure = assertThrows(EmbedlakeException.class, () -> hub.resolve(MODEL));
        assertEquals(ErrorKind.TRANSIENT, failure.kind());
        assertTrue(
                failure.getMessage().contains("http://hub.invalid (a host's address is unknown"), failure.getMessage());
    }

    @Test
    void redirectsInCirclesAreGivenUp() {
        fixture.server.fault(Faults.status(
                "GET", "/revision/main", 999, 307, Map.of("Location", "/api/models/org/small/revision/main")));
        EmbedlakeException failure =
                assertThrows(EmbedlakeException.class, () -> fixture.hub().resolve(MODEL));
        assertEquals(ErrorKind.TRANSIENT, failure.kind());
        assertTrue(failure.getMessage().contains("redirects in circles"), failure.getMessage());
    }

    @Test
    void anExpiredAddressOfTheStorageIsAskedForAnew() {
        fixture.server.fault((call, exchange, body) -> {
            boolean isFirst = call.server().equals("storage") && fixture.server.downloads(WEIGHTS) == 1;
            if (isFirst) {
                FakeHub.refuse(exchange, 403, Map.of());
            }
            return isFirst;
        });
        fixture.hub().resolve(MODEL);
        assertEquals(2, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aThreadThatIsInterruptedEnds() {
        fixture.server.fault(Faults.status("GET", "/revision/main", 99, 503, Map.of()));
        Thread.currentThread().interrupt();
        try {
            EmbedlakeException failure =
                    assertThrows(EmbedlakeException.class, () -> fixture.hub().resolve(MODEL));
            assertTrue(failure.getMessage().contains("interrupted"), failure.getMessage());
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    private List<Long> seconds() {
        return fixture.pauses.stream().map(java.time.Duration::toSeconds).toList();
    }
}
