package io.embedlake.checkpoint.hub;

import java.util.OptionalLong;

/**
 * What the hub says of a file before it is downloaded. Immutable.
 *
 * @param etag names the content: its hash, on the hub itself
 * @param bytes how long it is, where that is told
 */
record RemoteFile(String etag, OptionalLong bytes) {}
