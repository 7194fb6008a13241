package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.local.hub.HubFixture.assertWhole;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on the way, and is mended. */
class HubResumeTest {
    private static final Map<String, byte[]> FILES = HubFixture.files();

    @TempDir
    Path folder;

    private HubFixture fixture;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        fixture.repository.commit(FILES);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void anInterruptedBodyIsContinuedWhereItEnded() throws IOException {
        fixture.server.fault(Faults.cut(WEIGHTS, 100_000, 2));
        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(
                List.of("", "bytes=100000-", "bytes=200000-"),
                fixture.server.calls("GET", WEIGHTS).stream()
                        .filter(call -> call.server().equals("storage"))
                        .map(call -> call.header("Range"))
                        .toList());
        assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)), fixture.pauses);
    }

    @Test
    void eachStepForwardRenewsThePatience() throws IOException {
        fixture.server.fault(Faults.cut(WEIGHTS, 20_000, 14));
        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(15, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aServerThatKnowsNoRangesStartsFromTheBeginning() throws IOException {
        fixture.server.fault(Faults.cut(WEIGHTS, 100_000, 1));
        fixture.server.fault(Faults.noRanges(WEIGHTS));
        assertWhole(fixture.hub().resolve(MODEL));
    }

    @Test
    void aServerThatCutsEveryBodyAtTheSamePlaceIsGivenUp() {
        fixture.server.fault((call, exchange, body) -> {
            if (!call.isFor("GET", WEIGHTS) || call.server().equals("hub")) {
                return false;
            }
            FakeHub.cut(exchange, body.orElseThrow(), 0, 1000);
            return true;
        });
        EmbedlakeException failure =
                assertThrows(EmbedlakeException.class, () -> fixture.hub().resolve(MODEL));
        assertEquals(ErrorKind.TRANSIENT, failure.kind());
        assertTrue(fixture.server.downloads(WEIGHTS) < 12, fixture.pauses.toString());
    }

    @Test
    void aPartThatIsTooLongIsThrownAway() throws IOException {
        Path partial = fixture.folder().partial(FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS)));
        Files.createDirectories(partial.getParent());
        Files.write(partial, new byte[400_000]);
        assertWhole(fixture.hub().resolve(MODEL));
    }

    @Test
    void aPartThatIsWholeNeedsNoDownload() throws IOException {
        Path partial = fixture.folder().partial(FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS)));
        Files.createDirectories(partial.getParent());
        Files.write(partial, FILES.get(WEIGHTS));
        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(0, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aPartWithOtherBytesCostsASecondDownload() throws IOException {
        Path partial = fixture.folder().partial(FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS)));
        Files.createDirectories(partial.getParent());
        Files.write(partial, new byte[1000]);
        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(2, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aBlobThatSomethingElseCutIsReplaced() throws IOException {
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        Path link = snapshot.folder().resolve(WEIGHTS);
        Files.write(link.toRealPath(), new byte[10]);
        Files.delete(link);
        assertWhole(fixture.hub().resolve(MODEL));
    }

    @Test
    void aLinkThatLeadsNowhereIsMended() throws IOException {
        Snapshot snapshot = fixture.hub().resolve(MODEL);
        Files.delete(snapshot.folder().resolve(WEIGHTS).toRealPath());
        assertWhole(fixture.hub().resolve(MODEL));
    }

    @Test
    void aWrongChecksumIsDownloadedOnceMore() throws IOException {
        fixture.server.fault(Faults.damaged(WEIGHTS, 1));
        fixture.server.fault(Faults.damaged("tokenizer.json", 1));
        assertWhole(fixture.hub().resolve(MODEL));
        assertEquals(2, fixture.server.downloads(WEIGHTS));
        assertEquals(2, fixture.server.downloads("tokenizer.json"));
    }

    @Test
    void aWrongChecksumTwiceIsRefusedAndNothingIsKept() throws IOException {
        fixture.server.fault(Faults.damaged(WEIGHTS, 9));
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot download the model: org/small (model.safetensors came with a wrong checksum, twice). Set"
                        + " HF_ENDPOINT to another mirror, or try again later.",
                () -> fixture.hub().resolve(MODEL));
        assertEquals(2, fixture.server.downloads(WEIGHTS));
        String etag = FakeRepository.etag(WEIGHTS, FILES.get(WEIGHTS));
        assertFalse(Files.exists(fixture.folder().blob(etag)));
        assertFalse(Files.exists(fixture.folder().partial(etag)));
        assertFalse(Files.exists(fixture.folder().refs().resolve("main")));
        assertEquals(Optional.empty(), fixture.hub().cached(MODEL));
    }

    @Test
    void emptyFilesAreFilesToo() throws IOException {
        Map<String, byte[]> files = new TreeMap<>(FILES);
        files.put("merges.txt", new byte[0]);
        fixture.repository.commit(files);
        assertEquals(0, Files.size(fixture.hub().resolve(MODEL).folder().resolve("merges.txt")));
    }

    @Test
    void aLengthThatNobodyTellsIsFound() throws IOException {
        fixture.server.fault((call, exchange, body) -> {
            if (!call.isFor("HEAD", "tokenizer.json")) {
                return false;
            }
            exchange.getResponseHeaders().set("ETag", FakeRepository.etag("tokenizer.json", body.orElseThrow()));
            exchange.sendResponseHeaders(200, -1);
            return true;
        });
        assertWhole(fixture.hub().resolve(MODEL));
        assertTrue(fixture.events.contains("tokenizer.json 17/-1"), fixture.events.toString());
    }
}
