package io.embedlake.local.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes tensors in the format safetensors: the length of a header as 8 bytes, the header in JSON, the elements. Source: the format's
 * description in the project safetensors. Stateless.
 */
public final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * Writes tensors; the stream stays open.
     *
     * @param tensors with different names, in the order in which they are written
     */
    public static void write(List<Tensor> tensors, OutputStream out) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        long end = 0;
        for (Tensor tensor : tensors) {
            long begin = end;
            end += tensor.data().limit();
            header.put(
                    tensor.name(),
                    Map.of("dtype", tensor.type().name(), "shape", tensor.shape(), "data_offsets", new long[] {
                        begin, end
                    }));
        }
        byte[] json = JSON.writeValueAsBytes(header);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.write(json);
        byte[] part = new byte[1 << 16];
        for (Tensor tensor : tensors) {
            ByteBuffer data = tensor.data().duplicate();
            while (data.hasRemaining()) {
                int length = Math.min(part.length, data.remaining());
                data.get(part, 0, length);
                out.write(part, 0, length);
            }
        }
    }
}
