package io.embedlake.spark.image;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Sha256;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** An image whose file is being read since it was made. Thread-safe. */
public final class FileImage implements Input.Image {
    private final String hash;
    private final long size;
    private final CompletableFuture<byte[]> content;

    private FileImage(String hash, long size, CompletableFuture<byte[]> content) {
        this.hash = hash;
        this.size = size;
        this.content = content;
    }

    /**
     * Begins to read an image.
     *
     * @param hash of its content, when the run began
     * @param size of its content, in bytes
     */
    public static FileImage of(ImageFiles files, String path, String hash, long size) {
        return new FileImage(hash, size, ReadAhead.start(() -> files.content(path)));
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte[] image() {
        byte[] bytes = result(content);
        if (!Sha256.hex(bytes).equals(hash)) {
            throw new EmbedlakeException(
                    ErrorKind.TRANSIENT, "the image's file has changed since the run began; the next run embeds it");
        }
        return bytes;
    }

    /** What a thread has read; its failure is thrown as the caller's own. */
    static <T> T result(CompletableFuture<T> read) {
        try {
            return read.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EmbedlakeException known) {
                throw new EmbedlakeException(known.kind(), known.getMessage(), known);
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "an image of " + size + " bytes";
    }
}
