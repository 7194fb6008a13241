package io.embedlake.local.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final Path WRITTEN_BY_SAFETENSORS = Path.of("src/test/resources/golden/formats/bert-safetensors");

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Weights original = Checkpoint.open(WRITTEN_BY_SAFETENSORS);
        List<Tensor> tensors =
                original.names().stream().sorted().map(original::tensor).toList();
        Path file = folder.resolve("model.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(tensors, out);
        }
        Weights again = Checkpoint.open(folder);
        assertEquals(original.names(), again.names());
        for (Tensor tensor : tensors) {
            assertEquals(tensor.type(), again.tensor(tensor.name()).type());
            assertArrayEquals(tensor.shape(), again.tensor(tensor.name()).shape());
            assertArrayEquals(tensor.floats(), again.tensor(tensor.name()).floats(), tensor.name());
        }
    }
}
