package io.embedlake.local.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What came out when the files of a model were compared with their hashes. Immutable.
 *
 * @param intact the files that have the content that the hub had
 * @param damaged the files that have not
 * @param unknown the files whose hash the cache does not know: copies, and those of mirrors that name contents otherwise
 */
public record Verification(List<Path> intact, List<Path> damaged, List<Path> unknown) {
    public Verification {
        intact = List.copyOf(intact);
        damaged = List.copyOf(damaged);
        unknown = List.copyOf(unknown);
    }
}
