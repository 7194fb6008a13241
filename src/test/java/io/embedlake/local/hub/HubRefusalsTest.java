package io.embedlake.local.hub;

import static io.embedlake.local.hub.HubFixture.MODEL;
import static io.embedlake.local.hub.HubFixture.WEIGHTS;
import static io.embedlake.testing.Refusals.assertMisconfigured;
import static io.embedlake.testing.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubRefusalsTest {
    private static final String TOKEN = "hf_secret";

    @TempDir
    Path folder;

    private HubFixture fixture;
    private String endpoint;

    @BeforeEach
    void start() {
        fixture = new HubFixture(folder.resolve("hub"));
        fixture.repository.commit(HubFixture.files());
        endpoint = fixture.server.endpoint().toString();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aModelThatTheHubDoesNotHave() {
        String message = "Cannot find the model: org/none (" + endpoint
                + " has none of that name, or it is private; nor is it a directory of this machine). Change the key model, or set HF_TOKEN to a token that may read"
                + " it.";
        HubModel none = HubModel.parse("org/none").orElseThrow();
        assertRefused(ErrorKind.CONFIGURATION, message, () -> fixture.hub().resolve(none));
        assertRefused(ErrorKind.CONFIGURATION, message, () -> fixture.with("HF_TOKEN", TOKEN)
                .hub()
                .resolve(none));
        assertEquals(2, fixture.server.calls().size());
    }

    @Test
    void aRevisionThatTheModelDoesNotHave() {
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot find the revision: org/small@v9 (the model at " + endpoint
                        + " has no branch, tag or commit of that name). Change what follows @ in the key model.",
                () -> fixture.hub().resolve(HubModel.parse("org/small@v9").orElseThrow()));
    }

    @Test
    void aGatedModel() {
        fixture.repository.gate();
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot download the model: org/small (its owner admits accounts that have accepted its terms). Accept them at "
                        + endpoint + "/org/small and set HF_TOKEN to a token of that account.",
                () -> fixture.hub().resolve(MODEL));
    }

    @Test
    void aPrivateModelNeedsItsToken() {
        fixture.repository.makePrivate(TOKEN);
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "private", "HF_TOKEN");
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot download the model: org/small (" + endpoint
                        + " does not know the token). Set HF_TOKEN to a valid one, or unset it for a public model.",
                () -> fixture.with("HF_TOKEN", "hf_other").hub().resolve(MODEL));
        assertTrue(Files.isDirectory(
                fixture.with("HF_TOKEN", TOKEN).hub().resolve(MODEL).folder()));
    }

    @Test
    void theTokenGoesToTheEndpointOnly() {
        fixture.repository.makePrivate(TOKEN);
        fixture.with("HF_TOKEN", TOKEN).hub().resolve(MODEL);
        for (FakeHub.Call call : fixture.server.calls()) {
            String expected = call.server().equals("hub") ? "Bearer " + TOKEN : "";
            assertEquals(expected, call.header("Authorization"), call.path());
        }
        assertEquals(1, fixture.server.downloads(WEIGHTS));
    }

    @Test
    void aTokenFromAFileIsSentToo() throws IOException {
        fixture.repository.makePrivate(TOKEN);
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        fixture.with("HF_TOKEN_PATH", file.toString()).hub().resolve(MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_secret hf_secret", "hf_secret\u00e9", "hf_secret\u0001"})
    void aTokenThatCannotBeOneIsRefusedAndNotRepeated(String token) {
        EmbedlakeException failure =
                assertMisconfigured(() -> fixture.with("HF_TOKEN", token).hub().resolve(MODEL), "HF_TOKEN");
        assertFalse(trace(failure).contains(TOKEN), trace(failure));
        assertEquals(0, fixture.server.calls().size());
    }

    @Test
    void noErrorShowsTheTokenOrASignedAddress() {
        fixture.server.fault(Faults.cut(WEIGHTS, 0, 1));
        fixture.server.fault((call, exchange, body) -> {
            if (call.server().equals("storage")) {
                FakeHub.refuse(exchange, 403, Map.of());
            }
            return call.server().equals("storage");
        });
        EmbedlakeException failure = assertThrows(
                EmbedlakeException.class,
                () -> fixture.with("HF_TOKEN", TOKEN).hub().resolve(MODEL));
        String all = trace(failure) + fixture.events;
        assertTrue(all.contains("status 403"), all);
        assertFalse(all.contains(TOKEN), all);
        assertFalse(all.contains("Signature"), all);
    }

    @Test
    void aModelWithoutWeightsIsRefusedBeforeAnythingIsDownloaded() {
        Map<String, byte[]> files = new TreeMap<>(HubFixture.files());
        files.remove(WEIGHTS);
        files.remove("pytorch_model.bin");
        fixture.repository.commit(files);
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "model.safetensors");
        assertEquals(1, fixture.server.calls().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../config.json",
                "a/../../b",
                "/etc/x",
                "a//b",
                "a\\b",
                "C:x",
                "./a",
                "a/.",
                "..",
                "a\u0000b",
            })
    void aNameOfAFileThatLeavesTheFolderIsRefused(String name) {
        Map<String, byte[]> files = new TreeMap<>(HubFixture.files());
        files.put(name, new byte[1]);
        fixture.repository.commit(files);
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "the hub names a file " + name);
        assertFalse(Files.exists(fixture.cache));
    }

    @Test
    void aFileThatVanishesFromTheHub() {
        fixture.server.fault(Faults.status("HEAD", "tokenizer.json", 1, 404, Map.of("X-Error-Code", "EntryNotFound")));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "tokenizer.json", endpoint);
    }

    @Test
    void anAnswerWithAnotherStatusSaysWhich() {
        fixture.server.fault(Faults.status("GET", "tokenizer.json", 1, 451, Map.of()));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "org/small", "status 451", "tokenizer.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Please log in</html>",
                "",
                "[]",
                "{\"sha\":\"../../x\",\"siblings\":[]}",
                "{\"sha\":\"0123456789abcdef0123456789abcdef01234567\"}",
            })
    void aServerThatIsNoHub(String answer) {
        fixture.server.fault((call, exchange, body) -> {
            if (!call.isFor("GET", "/revision/main")) {
                return false;
            }
            byte[] bytes = HubFixture.text(answer);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            return true;
        });
        assertRefused(
                ErrorKind.CONFIGURATION,
                "Cannot download the model: org/small (" + endpoint
                        + " does not answer like a hub: no commit with a list of files). Set HF_ENDPOINT to the hub or a mirror"
                        + " of it.",
                () -> fixture.hub().resolve(MODEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../x", "x.incomplete", "a/b"})
    void anETagThatIsNoNameOfAFile(String etag) {
        fixture.server.fault(Faults.status("HEAD", "tokenizer.json", 1, 200, Map.of("ETag", "\"" + etag + "\"")));
        assertMisconfigured(() -> fixture.hub().resolve(MODEL), "no ETag for tokenizer.json", "HF_ENDPOINT");
    }

    @Test
    void aCommitOtherThanThePinnedOneIsRefused() {
        String other = "0123456789abcdef0123456789abcdef01234567";
        fixture.repository.name(other, fixture.repository.find("main").orElseThrow());
        assertMisconfigured(
                () -> fixture.hub().resolve(HubModel.parse("org/small@" + other).orElseThrow()),
                other,
                "does not answer like a hub");
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
