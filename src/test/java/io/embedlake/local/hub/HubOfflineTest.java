package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubOfflineTest {
    @TempDir
    Path folder;

    private HubFixture fixture;
    private String commit;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        commit = fixture.repository.commit(HubFixture.files());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void offlineNobodyIsAsked() {
        fixture.hub().resolve(MODEL);
        int before = fixture.server.calls().size();
        Hub offline = fixture.with("HF_HUB_OFFLINE", "1").hub();
        assertEquals(commit, offline.resolve(MODEL).commit());
        assertEquals(
                commit,
                offline.resolve(new HubModel(MODEL.id(), Optional.of(commit))).commit());
        assertMisconfigured(() -> offline.resolve(HubModel.parse("org/none").orElseThrow()));
        assertEquals(before, fixture.server.calls().size());
    }

    @Test
    void offlineAModelThatIsNotCachedIsRefused() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot find the model: org/small (HF_HUB_OFFLINE is set, and " + fixture.cache
                        + " does not hold all of it). Download it where there is a network, set HF_HUB_CACHE to the folder"
                        + " that holds it, or unset HF_HUB_OFFLINE.",
                () -> fixture.with("HF_HUB_OFFLINE", "1").hub().resolve(MODEL));
        assertEquals(0, fixture.server.calls().size());
    }

    @Test
    void offlineHalfAModelIsNone() throws IOException {
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        Files.delete(snapshot.folder().resolve(HubFixture.WEIGHTS));
        assertMisconfigured(() -> fixture.with("HF_HUB_OFFLINE", "1").hub().resolve(MODEL), "does not hold all of it");
    }

    @Test
    void aHubThatCannotBeReachedLeavesTheCache() {
        fixture.hub().resolve(MODEL);
        fixture.events.clear();
        fixture.server.close();
        assertEquals(commit, fixture.hub().resolve(MODEL).commit());
        assertEquals(List.of(), fixture.pauses);
        assertEquals(1, fixture.events.size());
        assertTrue(
                fixture.events.get(0).startsWith("cached " + commit + ": Cannot reach the hub: "),
                fixture.events.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 401, 403})
    void aHubThatRefusesLeavesTheCacheAsInPython(int status) {
        fixture.hub().resolve(MODEL);
        fixture.server.fault(Faults.status("GET", "/revision/main", 9, status, Map.of()));
        assertEquals(commit, fixture.hub().resolve(MODEL).commit());
    }

    @Test
    void aRevisionThatTheHubNoLongerHasIsNotUsed() {
        fixture.hub().resolve(MODEL);
        fixture.server.fault(
                Faults.status("GET", "/revision/main", 9, 404, Map.of("X-Error-Code", "RevisionNotFound")));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "Cannot find the revision: org/small");
    }

    @Test
    void whatIsCachedCanBeAskedForWithoutTheHub() {
        assertEquals(Optional.empty(), fixture.hub().cached(MODEL));
        assertEquals(0, fixture.server.calls().size());
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        assertEquals(Optional.of(snapshot), fixture.hub().cached(MODEL));
    }
}
