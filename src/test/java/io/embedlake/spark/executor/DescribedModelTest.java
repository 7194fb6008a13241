package io.embedlake.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on file systems that Spark reads; here the local one, by its scheme. */
class DescribedModelTest {
    private static final Path MODEL = Path.of("src/test/resources/golden/st/dense-tanh-normalize");

    @TempDir
    Path folder;

    @Test
    void aModelOfSparksFileSystemIsCopiedAndHasTheFingerprintOfALocalOne() throws IOException {
        try (Stream<Path> files = Files.walk(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve("model").resolve(MODEL.relativize(file)));
            }
        }
        EmbedderSpec local = describe(folder.resolve("model").toString());
        String uri = folder.resolve("model").toUri().toString();
        EmbedderSpec remote = describe(uri);
        assertEquals(local.fingerprint(), remote.fingerprint());
        assertEquals(uri, remote.label());
        assertNotEquals(local.requiredModel(), remote.requiredModel());
        assertEquals(remote, describe(uri));
    }

    @Test
    void aModelThatIsAFileIsCopiedUnderItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.txt"), "the 1 0\ncat 0 1\n");
        EmbedderSpec local = describeWords(file.toString());
        EmbedderSpec remote = describeWords(file.toUri().toString());
        assertEquals(local.fingerprint(), remote.fingerprint());
        assertEquals(file.toUri().toString(), remote.label());
        assertNotEquals(local.requiredModel(), remote.requiredModel());
        assertTrue(remote.requiredModel().endsWith("/tiny.txt"));
        assertEquals(remote, describeWords(file.toUri().toString()));
    }

    private static EmbedderSpec describeWords(String model) {
        return DescribedModel.of(
                new Configuration(), "word-vectors", new EmbedderRequest(Optional.of(model), Map.of()));
    }

    @Test
    void saysThatItIsNotThere() {
        EmbedlakeException refusal = assertThrows(EmbedlakeException.class, () -> describe(folder.toUri() + "missing"));
        assertEquals(ErrorKind.STORAGE, refusal.kind());
        assertTrue(refusal.getMessage()
                .startsWith("Cannot copy the model " + folder.toUri() + "missing to this machine ("));
    }

    private static EmbedderSpec describe(String model) {
        return DescribedModel.of(
                new Configuration(),
                "huggingface",
                new EmbedderRequest(Optional.of(model), Map.of("precision", "fp32")));
    }
}
