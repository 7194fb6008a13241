package io.embedlake.local.weights;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with weights, and the errors for its defects. Immutable and thread-safe.
 *
 * <p>A file of up to 2 GiB is mapped once, as a whole: a process has only some ten thousand mappings, and they are given back when the
 * garbage collector finds them, so one mapping per tensor could use them up. In a larger file each tensor is mapped when it is asked for.
 *
 * @param path where it is
 * @param size its length in bytes
 * @param whole its bytes, when they fit into one mapping
 */
record WeightsFile(Path path, long size, Optional<ByteBuffer> whole) {
    static WeightsFile of(Path path) {
        GitLfs.requireContent(path);
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            Optional<ByteBuffer> whole = size > Integer.MAX_VALUE
                    ? Optional.empty()
                    : Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
            return new WeightsFile(path, size, whole);
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the weights " + path
                            + " (there is no such file, or it cannot be read). Get the model's files" + " again.",
                    e);
        }
    }

    /**
     * Bytes of the file, mapped.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it does not have them
     */
    ByteBuffer map(long from, long length, String what) {
        if (from < 0 || length < 0 || from > size - length) {
            throw refuse(what + " lies outside of the file, which has " + size + " bytes");
        }
        if (length > Integer.MAX_VALUE) {
            throw refuse(what + " has " + length + " bytes, and more than 2 GiB in one tensor are not supported");
        }
        if (whole.isPresent()) {
            return whole.get().slice((int) from, (int) length).order(ByteOrder.LITTLE_ENDIAN);
        }
        try (FileChannel channel = FileChannel.open(path)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, from, length).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw refuse(what + " cannot be read: " + e.getMessage());
        }
    }

    /** The sentence about a file that is not what it should be. */
    EmbedlakeException refuse(String why) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the weights " + path + " (" + why + "). Get the file again, or change the key model.");
    }
}
