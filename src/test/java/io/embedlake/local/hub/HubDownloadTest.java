package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.local.hub.HubFixture.assertWhole;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadTest {
    private static final Map<String, byte[]> FILES = HubFixture.files();

    @TempDir
    Path folder;

    private HubFixture fixture;
    private String commit;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        commit = fixture.repository.commit(FILES);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void bringsTheNeededFilesAndNoOthers() throws IOException {
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        assertEquals(commit, snapshot.commit());
        assertEquals(fixture.folder().snapshot(commit), snapshot.folder());
        Set<String> expected = new TreeSet<>(FILES.keySet());
        expected.removeAll(Set.of("README.md", "pytorch_model.bin"));
        assertEquals(List.copyOf(expected), fixture.folder().names(commit));
        assertWhole(snapshot);
    }

    @Test
    void theCacheHasTheLayoutOfPython() throws IOException {
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        assertEquals(folder.resolve("hub/models--org--small/snapshots/" + commit), snapshot.folder());
        assertEquals(commit, Files.readString(folder.resolve("hub/models--org--small/refs/main")));
        assertEquals(
                Path.of("../../blobs/" + FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS))),
                Files.readSymbolicLink(snapshot.folder().resolve(WEIGHTS)));
        assertEquals(
                Path.of("../../../blobs/"
                        + FakeRepository.etag("1_Pooling/config.json", FILES.get("1_Pooling/config.json"))),
                Files.readSymbolicLink(snapshot.folder().resolve("1_Pooling/config.json")));
        assertTrue(Files.exists(folder.resolve(
                "hub/.locks/models--org--small/" + FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS)) + ".lock")));
        assertEquals(
                fixture.folder().names(commit).size(),
                Trees.children(fixture.folder().blobs()).size());
        assertEquals(
                List.of("blobs", "refs", "snapshots"),
                Trees.children(fixture.folder().root()).stream()
                        .map(child -> child.getFileName().toString())
                        .toList());
    }

    @Test
    void whatIsThereIsNotDownloadedAgain() {
        fixture.hub().resolve(MODEL);
        int before = fixture.server.calls().size();
        fixture.hub().resolve(MODEL);
        assertEquals(
                List.of("/api/models/org/small/revision/main"),
                fixture.server.calls().stream()
                        .skip(before)
                        .map(FakeHub.Call::path)
                        .toList());
    }

    @Test
    void aNewCommitBringsOnlyWhatChanged() throws IOException {
        fixture.hub().resolve(MODEL);
        Map<String, byte[]> changed = new TreeMap<>(FILES);
        changed.put("config.json", HubFixture.text("{}"));
        String next = fixture.repository.commit(changed);
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        assertEquals(next, snapshot.commit());
        assertEquals("{}", Files.readString(snapshot.folder().resolve("config.json")));
        assertEquals(next, Files.readString(fixture.folder().refs().resolve("main")));
        assertEquals(
                2,
                fixture.server.downloads("/small/resolve/" + commit + "/config.json")
                        + fixture.server.downloads("/small/resolve/" + next + "/config.json"));
        assertEquals(1, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aPinnedCommitThatIsThereNeedsNoRequest() {
        HubModel pinned = new HubModel(MODEL.id(), Optional.of(commit));
        fixture.hub().resolve(pinned);
        int before = fixture.server.calls().size();
        assertEquals(commit, fixture.hub().resolve(pinned).commit());
        assertEquals(before, fixture.server.calls().size());
        assertFalse(Files.exists(fixture.folder().refs()));
    }

    @Test
    void aPinnedCommitOfWhichAnotherProgramHasOnlyAPartIsCompleted() throws IOException {
        HubModel pinned = new HubModel(MODEL.id(), Optional.of(commit));
        Snapshot snapshot = fixture.hub().resolve(pinned);
        for (String file : List.of("tokenizer.json", "1_Pooling/config.json", "config.json")) {
            Files.delete(snapshot.folder().resolve(file));
            fixture.hub().resolve(pinned);
            assertTrue(Files.isRegularFile(snapshot.folder().resolve(file)), file);
        }
        assertEquals(1, fixture.server.downloads("1_Pooling/config.json"));
    }

    @Test
    void aBranchWithASlashInItsNameIsFound() throws IOException {
        fixture.repository.name("refs/pr/1", commit);
        assertEquals(
                commit,
                fixture.hub()
                        .resolve(HubModel.parse("org/small@refs/pr/1").orElseThrow())
                        .commit());
        assertEquals(commit, Files.readString(fixture.folder().refs().resolve("refs/pr/1")));
        assertEquals(
                "/api/models/org/small/revision/refs%2Fpr%2F1",
                fixture.server.calls().get(0).path());
    }

    @Test
    void shardsAreThoseThatTheIndexNames() throws IOException {
        Map<String, byte[]> files =
                sharded("{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
        files.put("model-3.safetensors", new byte[1]);
        String sharded = fixture.repository.commit(files);
        fixture.hub().resolve(MODEL);
        List<String> names = fixture.folder().names(sharded);
        assertTrue(names.containsAll(List.of("model-1.safetensors", "model-2.safetensors")), names.toString());
        assertFalse(names.contains("model-3.safetensors"));
        Files.delete(fixture.folder().snapshot(sharded).resolve("model-2.safetensors"));
        assertEquals(Optional.empty(), fixture.hub().cached(MODEL));
    }

    @Test
    void anIndexThatNamesAFileElsewhereIsRefused() {
        fixture.repository.commit(sharded("{\"weight_map\":{\"a\":\"../../../../x.safetensors\"}}"));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "../../../../x.safetensors");
    }

    @Test
    void anIndexThatNamesAMissingFileIsRefused() {
        fixture.repository.commit(sharded("{\"weight_map\":{\"a\":\"model-9.safetensors\"}}"));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "model-9.safetensors");
        fixture.repository.commit(sharded("[]"));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "weight_map");
    }

    @Test
    void tellsHowFarItIs() {
        fixture.hub().resolve(MODEL);
        assertTrue(fixture.events.contains("config.json 0/21"), fixture.events.toString());
        assertTrue(fixture.events.contains("config.json 21/21"), fixture.events.toString());
        assertEquals(WEIGHTS + " 300000/300000", fixture.events.get(fixture.events.size() - 1));
    }

    @Test
    void threadsThatWantTheSameModelDownloadItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Snapshot> pull = () -> new Hub(HubSettings.of(Map.of(
                            "HF_ENDPOINT",
                            fixture.server.endpoint().toString(),
                            "HF_HUB_CACHE",
                            fixture.cache.toString(),
                            "HF_HOME",
                            folder.toString())))
                    .resolve(MODEL);
            for (Future<Snapshot> done : threads.invokeAll(List.of(pull, pull, pull, pull))) {
                assertWhole(done.get());
            }
        } finally {
            threads.shutdownNow();
        }
        for (String file : List.of(WEIGHTS, "tokenizer.json", "modules.json")) {
            assertEquals(1, fixture.server.downloads(file), file);
        }
    }

    private static Map<String, byte[]> sharded(String index) {
        Map<String, byte[]> files = new TreeMap<>(FILES);
        files.remove(WEIGHTS);
        files.put("model.safetensors.index.json", HubFixture.text(index));
        files.put("model-1.safetensors", HubFixture.random(2000, 3));
        files.put("model-2.safetensors", HubFixture.random(2000, 4));
        return files;
    }
}
