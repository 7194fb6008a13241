package io.embedlake.spark;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Paths with a scheme, such as {@code s3a://bucket/jobs/docs.yaml}: a file system of Spark's reads them, not this machine's. Stateless. */
public final class RemotePath {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

    private RemotePath() {}

    /**
     * The path, where it has a scheme.
     *
     * @throws IllegalArgumentException where it has one and is no path
     */
    public static Optional<Path> of(String path) {
        return SCHEME.matcher(path).matches() ? Optional.of(new Path(path)) : Optional.empty();
    }
}
