package io.embedlake.local.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What came out when the files of a model were compared with their hashes. Immutable.
 *
 * @param intact the files that have the content that the hub had
 * @param damaged the files that do not
 * @param unknown the files without a known hash: copies, and those of mirrors with other names of contents
 */
public record Verification(List<Path> intact, List<Path> damaged, List<Path> unknown) {
    public Verification {
        intact = List.copyOf(intact);
        damaged = List.copyOf(damaged);
        unknown = List.copyOf(unknown);
    }
}
