package io.embedlake.local.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A program as the archive that libtorch loads. The archive holds text only: the weights are handed to the program's
 * {@code load}, straight from their mapped files. Format: {@code torch/csrc/jit/serialization} in PyTorch; entries are stored,
 * not deflated. Stateless.
 */
final class TorchArchive {
    private static final String NAME = "encoder/";

    /** A module of the class {@code Encoder} with two empty lists, in pickle's protocol 2. */
    private static final byte[] EMPTY_ENCODER = ("\u0080\u0002" // PROTO 2
                    + "c__torch__\nEncoder\n)\u0081" // GLOBAL, EMPTY_TUPLE, NEWOBJ
                    + "}(" // EMPTY_DICT, MARK
                    + text("t") + "ctorch.jit._pickle\nbuild_tensorlist\n(](etR" // an empty List[Tensor]
                    + text("m") + "ctorch.jit._pickle\nrestore_type_tag\n](e" + text("List[List[Tensor]]")
                    + "\u0086R" // TUPLE2, REDUCE
                    + "ub.") // SETITEMS, BUILD, STOP
            .getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] NO_CONSTANTS = "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1);

    private TorchArchive() {}

    static byte[] of(Program program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", EMPTY_ENCODER);
            add(zip, "code/__torch__.py", program.text().getBytes(StandardCharsets.UTF_8));
            add(zip, "constants.pkl", NO_CONSTANTS);
            add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(NAME + name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** BINUNICODE: a length of four bytes, little-endian, and the text. */
    private static String text(String text) {
        return "X" + (char) text.length() + "\0\0\0" + text;
    }
}
