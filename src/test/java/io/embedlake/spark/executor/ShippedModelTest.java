package io.embedlake.spark.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark distributes; that executors get it is seen in the process tests. */
class ShippedModelTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsPackedUnderItsName() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(Files.createDirectories(model.resolve("1_Pooling")).resolve("config.json"), "pooling");
        assertEquals(Map.of("model/config.json", "{}", "model/1_Pooling/config.json", "pooling"), packed(model));
    }

    @Test
    void aFileIsPackedAlone() throws IOException {
        Path model = Files.writeString(folder.resolve("vectors.txt"), "a 1 2");
        Files.writeString(folder.resolve("other.txt"), "is left here");
        assertEquals(Map.of("vectors.txt", "a 1 2"), packed(model));
    }

    @Test
    void whatIsPackedIsUnpackedTheSame() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model/deep"));
        Files.writeString(model.resolve("config.json"), "{}");
        Path to = Files.createDirectories(folder.resolve("to")).resolve(".");
        ShippedModel.unpack(Files.newInputStream(ShippedModel.packed(folder.resolve("model"), "m")), to);
        assertEquals("{}", Files.readString(to.resolve("model/deep/config.json")));
    }

    private static Map<String, String> packed(Path model) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(ShippedModel.packed(model, "m")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
