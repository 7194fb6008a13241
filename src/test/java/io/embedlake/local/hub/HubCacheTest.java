package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
    @TempDir
    Path folder;

    private HubFixture fixture;
    private String first;
    private String second;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void anEmptyCacheHoldsNothing() {
        assertEquals(List.of(), fixture.hub().models());
        assertMisconfigured(() -> fixture.hub().remove(MODEL), "Cannot remove the model: org/small");
        assertMisconfigured(() -> fixture.hub().verify(MODEL), "Cannot verify the model: org/small");
    }

    @Test
    void listsModelsWithTheirCommitsRevisionsAndSizes() throws IOException {
        pullTwoCommits();
        fixture.server.add("word").commit(Map.of("model.onnx", new byte[7]));
        fixture.hub().resolve(HubModel.parse("word").orElseThrow());
        Files.createDirectories(fixture.cache.resolve("datasets--org--data"));
        List<CachedModel> models = fixture.hub().models();
        assertEquals(
                List.of("org/small", "word"),
                models.stream().map(CachedModel::id).toList());
        assertEquals(7, models.get(1).bytes());
        Map<String, CachedModel.CachedSnapshot> snapshots = new TreeMap<>();
        models.get(0).snapshots().forEach(snapshot -> snapshots.put(snapshot.commit(), snapshot));
        assertEquals(List.of("v1"), snapshots.get(first).revisions());
        assertEquals(List.of("main"), snapshots.get(second).revisions());
        assertEquals(bytes() - 21 + 2, snapshots.get(second).bytes());
        assertEquals(bytes() + 2, models.get(0).bytes());
    }

    @Test
    void removingARevisionLeavesWhatAnotherHas() throws IOException {
        pullTwoCommits();
        fixture.hub().remove(HubModel.parse("org/small@v1").orElseThrow());
        assertEquals(
                Optional.empty(),
                fixture.hub().cached(HubModel.parse("org/small@v1").orElseThrow()));
        Snapshot left = fixture.hub().cached(MODEL).orElseThrow();
        assertEquals(second, left.commit());
        assertEquals(5, fixture.hub().verify(MODEL).intact().size());
        assertEquals(bytes() - 21 + 2, fixture.hub().models().get(0).bytes());
    }

    @Test
    void removingAModelLeavesNothing() {
        pullTwoCommits();
        CachedModel removed = fixture.hub().remove(MODEL);
        assertEquals(2, removed.snapshots().size());
        assertFalse(Files.exists(fixture.folder().root()));
        assertEquals(List.of(), fixture.hub().models());
        fixture.hub().resolve(MODEL);
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        pullTwoCommits();
        Path weights = fixture.folder().snapshot(second).resolve(WEIGHTS);
        Path config = fixture.folder().snapshot(second).resolve("config.json");
        assertEquals(List.of(), fixture.hub().verify(MODEL).damaged());
        Files.write(weights.toRealPath(), HubFixture.random(300_000, 9));
        Files.delete(config.toRealPath());
        Verification verification = fixture.hub().verify(MODEL);
        assertEquals(List.of(config, weights), verification.damaged());
        assertEquals(3, verification.intact().size());
    }

    @Test
    void filesWithoutABlobAsPythonLeavesThemWithoutLinksAreFound() throws IOException {
        Path snapshot = fixture.folder().snapshot("0123456789abcdef0123456789abcdef01234567");
        Files.createDirectories(snapshot);
        Files.createDirectories(fixture.folder().refs());
        Files.writeString(
                fixture.folder().refs().resolve("main"), snapshot.getFileName().toString());
        Files.writeString(snapshot.resolve("config.json"), "{}");
        Files.write(snapshot.resolve("pytorch_model.bin"), new byte[10]);
        Hub hub = fixture.with("HF_HUB_OFFLINE", "1").hub();
        assertEquals(snapshot, hub.resolve(MODEL).folder());
        assertEquals(12, hub.models().get(0).bytes());
        assertEquals(2, hub.verify(MODEL).unknown().size());
    }

    @Test
    void blobsInAStoreThatModelsShareAreFound() throws IOException {
        first = fixture.repository.commit(HubFixture.files());
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        Path blob = snapshot.folder().resolve(WEIGHTS).toRealPath();
        Path shared = Files.createDirectories(fixture.cache.resolve("blobs")).resolve("xet");
        Files.move(blob, shared);
        Files.createSymbolicLink(blob, blob.getParent().relativize(shared));
        assertEquals(Optional.of(snapshot), fixture.hub().cached(MODEL));
        assertEquals(List.of(), fixture.hub().verify(MODEL).damaged());
        assertEquals(5, fixture.hub().verify(MODEL).intact().size());
        fixture.hub().remove(new HubModel(MODEL.id(), Optional.of(first)));
        assertTrue(Files.exists(shared));
    }

    private void pullTwoCommits() {
        first = fixture.repository.commit(HubFixture.files());
        fixture.repository.name("v1", first);
        Map<String, byte[]> files = new TreeMap<>(HubFixture.files());
        files.put("config.json", HubFixture.text("{}"));
        second = fixture.repository.commit(files);
        fixture.hub().resolve(HubModel.parse("org/small@v1").orElseThrow());
        fixture.hub().resolve(MODEL);
    }

    /** Of the first commit's needed files. */
    private static long bytes() {
        return HubFixture.files().entrySet().stream()
                .filter(file ->
                        !file.getKey().equals("README.md") && !file.getKey().equals("pytorch_model.bin"))
                .mapToLong(file -> file.getValue().length)
                .sum();
    }
}
