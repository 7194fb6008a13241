package io.embedlake.local.hub;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    private static final Path HOME = Path.of(System.getProperty("user.home"));

    @TempDir
    Path folder;

    @Test
    void anEmptyEnvironmentMeansTheHubAndTheStandardCache() {
        HubSettings settings = HubSettings.of(Map.of());
        assertEquals("https://huggingface.co", settings.endpoint().toString());
        assertEquals(HOME.resolve(".cache/huggingface/hub"), settings.cache());
        assertEquals(Duration.ofSeconds(10), settings.timeout());
        assertFalse(settings.isOffline());
    }

    @Test
    void theCacheIsWhereTheMostSpecificVariableSays() {
        assertEquals(Path.of("/x/huggingface/hub"), cache(Map.of("XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/h/hub"), cache(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")));
        assertEquals(Path.of("/o"), cache(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/o")));
        assertEquals(Path.of("/c"), cache(Map.of("HUGGINGFACE_HUB_CACHE", "/o", "HF_HUB_CACHE", "/c")));
        assertEquals(Path.of("/h/hub"), cache(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", " ")));
    }

    @Test
    void pathsMayHoldTheHomeAndVariables() {
        assertEquals(HOME.resolve("hf/hub"), cache(Map.of("HF_HOME", "~/hf")));
        assertEquals(Path.of("/data/me/hub"), cache(Map.of("HF_HOME", "$ROOT/${WHO}", "ROOT", "/data", "WHO", "me")));
        assertEquals(Path.of("/$UNSET/hub"), cache(Map.of("HF_HOME", "/$UNSET")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "On"})
    void offlineIsWhatPythonTakesForTrue(String value) {
        assertTrue(HubSettings.of(Map.of("HF_HUB_OFFLINE", value)).isOffline());
        assertTrue(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", value)).isOffline());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "", "2"})
    void anythingElseIsOnline(String value) {
        assertFalse(HubSettings.of(Map.of("HF_HUB_OFFLINE", value)).isOffline());
    }

    @Test
    void theTokenIsThatOfTheVariableElseThatOfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "hf_file\n");
        Map<String, String> fromFile = Map.of("HF_HOME", folder.toString());
        assertEquals(Optional.of("hf_file"), token(fromFile));
        assertEquals(Optional.of("hf_file"), token(Map.of("HF_TOKEN_PATH", file.toString())));
        assertEquals(
                Optional.of("hf_variable"), token(Map.of("HF_HOME", folder.toString(), "HF_TOKEN", " hf_variable\n")));
        assertEquals(Optional.of("hf_old"), token(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_old")));
        assertEquals(
                Optional.empty(), token(Map.of("HF_HOME", folder.resolve("none").toString())));
        assertEquals(
                Optional.empty(), token(Map.of("HF_HOME", folder.toString(), "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")));
    }

    @Test
    void anUnreadableTokenIsAnError() {
        assertMisconfigured(() -> token(Map.of("HF_TOKEN_PATH", folder.toString())), folder.toString(), "HF_TOKEN");
    }

    @Test
    void theTokenMayComeFromElsewhere() {
        HubSettings settings = HubSettings.of(Map.of("HF_TOKEN", "hf_variable")).withToken(HubToken.of("hf_secret"));
        assertEquals(Optional.of("hf_secret"), settings.token().read());
    }

    @Test
    void printingShowsNoSecret() {
        String text = HubSettings.of(Map.of("HF_TOKEN", "hf_secret", "HTTPS_PROXY", "http://me:hf_secret@proxy:3128"))
                .toString();
        assertFalse(text.contains("hf_secret"), text);
    }

    @Test
    void theEndpointLosesTheSlashesAtItsEnd() {
        assertEquals(
                "https://mirror.example/hf",
                HubSettings.of(Map.of("HF_ENDPOINT", "https://mirror.example/hf//"))
                        .endpoint()
                        .toString());
    }

    @Test
    void theEndpointMayBeANameOfAPrivateNetwork() {
        assertEquals(
                "http://my_mirror:8080",
                HubSettings.of(Map.of("HF_ENDPOINT", "http://my_mirror:8080"))
                        .endpoint()
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror.example", "ftp://mirror.example", "https://", "https:///x", "not an address"})
    void anEndpointIsTheAddressOfAServer(String value) {
        assertMisconfigured(
                () -> HubSettings.of(Map.of("HF_ENDPOINT", value)), value.replaceFirst("/+$", ""), "HF_ENDPOINT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hf_secret@mirror.example",
                "https://me:hf_secret@my_mirror",
                "https://me:hf_secret @mirror.example"
            })
    void aPasswordInTheEndpointIsRefusedAndNotRepeated(String value) {
        String message = assertMisconfigured(() -> HubSettings.of(Map.of("HF_ENDPOINT", value)), "HF_ENDPOINT")
                .getMessage();
        assertFalse(message.contains("hf_secret"), message);
    }

    @Test
    void theTimeoutIsAWholeNumberOfSeconds() {
        assertEquals(
                Duration.ofSeconds(30),
                HubSettings.of(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "30")).timeout());
        assertMisconfigured(
                () -> HubSettings.of(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "soon")), "HF_HUB_DOWNLOAD_TIMEOUT: soon");
    }

    private static Path cache(Map<String, String> environment) {
        return HubSettings.of(environment).cache();
    }

    private static Optional<String> token(Map<String, String> environment) {
        return HubSettings.of(environment).token().read();
    }
}
