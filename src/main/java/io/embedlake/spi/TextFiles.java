package io.embedlake.spi;

import io.embedlake.annotation.Stable;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a whole text file, as {@code Files::readString} does. Stateless. */
@Stable
@FunctionalInterface
public interface TextFiles {
    /** The text of the file. */
    String read(Path file) throws IOException;
}
