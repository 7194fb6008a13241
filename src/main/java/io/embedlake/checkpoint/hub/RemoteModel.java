package io.embedlake.checkpoint.hub;

import java.util.List;

/**
 * What the hub says of a model at a revision. Immutable.
 *
 * @param commit what the revision stands for
 * @param names of its files
 */
record RemoteModel(String commit, List<String> names) {
    RemoteModel {
        names = List.copyOf(names);
    }
}
