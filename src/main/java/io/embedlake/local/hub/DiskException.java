package io.embedlake.local.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** The disk failed, not the network: not retried. */
final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskException(IOException cause) {
        super(reason(cause), cause);
    }

    /** What is wrong, without the path, which the message has anyway. */
    private static String reason(IOException cause) {
        String text = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }
}
