package io.embedlake.local.hub;

import java.nio.file.Path;

/**
 * A model's files as they were at one commit. Immutable; the folder belongs to the cache and is only read.
 *
 * @param model what was asked for
 * @param commit the commit that it stands for: 40 hexadecimal digits
 * @param folder where the files are, under the names that they have on the hub
 */
public record Snapshot(HubModel model, String commit, Path folder) {}
