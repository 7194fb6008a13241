package io.embedlake.local.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.cli.Main;
import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.ModelLocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of the hub as a user names them: in a job, and for the command models. */
class HubModelsTest {
    private static final Path MODEL = Path.of("src/test/resources/golden/st/prompts-default");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aModelIsDownloadedOnceAndFoundAgainWithoutTheHub() throws IOException {
        Map<String, String> environment;
        ModelFiles files;
        try (FakeHub hub = new FakeHub()) {
            String commit = hub.add("org/prompted").commit(files(MODEL));
            environment = environment(hub);
            files = ModelLocator.of(environment).locate("org/prompted");
            assertEquals(ModelFiles.Form.CHECKPOINT, files.form());
            assertEquals("org/prompted", files.label());
            assertTrue(commit.contains(files.commit().orElseThrow())
                    || files.commit().isPresent());
            assertEquals("query", files.settings().defaultPrompt().orElseThrow());
        }
        Map<String, String> offline = new TreeMap<>(environment);
        offline.put("HF_HUB_OFFLINE", "1");
        assertEquals(
                files.hashes(), ModelLocator.of(offline).locate("org/prompted").hashes());
        String pinned = "org/prompted@" + files.commit().orElseThrow();
        assertEquals(files.hashes(), ModelLocator.of(offline).locate(pinned).hashes());
    }

    @Test
    void theCommandPullsListsVerifiesAndRemoves() throws IOException {
        try (FakeHub hub = new FakeHub()) {
            hub.add("org/prompted").commit(files(MODEL));
            Map<String, String> environment = environment(hub);
            assertEquals(0, run(environment, "models", "pull", "org/prompted"));
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("Downloading model.safetensors"), err.toString());
            assertEquals(0, run(environment, "models", "list", "--output", "json"));
            assertTrue(printed().contains("\"model\":\"org/prompted\",\"state\":\"cached\""), printed());
            assertEquals(0, run(environment, "models", "remove", "org/prompted"));
            assertTrue(printed().contains("removed"), printed());
            assertEquals(2, run(environment, "models", "verify", "org/prompted"));
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.run(environment, new PrintStream(out), new PrintStream(err), arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Map<String, String> environment(FakeHub hub) {
        return Map.of(
                "HF_ENDPOINT", hub.endpoint().toString(),
                "HF_HOME", folder.resolve("hf").toString(),
                "EMBEDLAKE_CACHE", folder.resolve("embedlake").toString());
    }

    private static Map<String, byte[]> files(Path model) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(model)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(model.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
