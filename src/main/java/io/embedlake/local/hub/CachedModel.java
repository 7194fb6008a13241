package io.embedlake.local.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What the cache holds of a model. Immutable.
 *
 * @param id its name
 * @param bytes on the disk, a file that several commits share counted once, with what an unfinished download left
 * @param snapshots its commits
 */
public record CachedModel(String id, long bytes, List<CachedSnapshot> snapshots) {
    public CachedModel {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * One of a model's commits.
     *
     * @param commit 40 hexadecimal digits
     * @param revisions the branches and tags that stood for it when they were last looked up
     * @param bytes of its files
     * @param folder where they are
     */
    public record CachedSnapshot(String commit, List<String> revisions, long bytes, Path folder) {
        public CachedSnapshot {
            revisions = List.copyOf(revisions);
        }
    }
}
