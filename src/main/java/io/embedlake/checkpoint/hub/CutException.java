package io.embedlake.checkpoint.hub;

import java.io.IOException;

/** An answer that is not what was asked for: cut short, or another part of the file. The message holds no address. */
final class CutException extends IOException {
    private static final long serialVersionUID = 1L;

    CutException(String message) {
        super(message);
    }
}
