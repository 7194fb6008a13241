package io.embedlake.spark.image;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Paths of image files to {@code path, hash, size}, several files at once. Immutable; runs on executors. */
public record HashFiles(ImageFiles files) implements MapPartitionsFunction<Row, Row> {
    public static final StructType SCHEMA = StructType.fromDDL("path STRING, hash STRING, size BIGINT");

    private static final int AT_ONCE = 8;

    @Override
    public Iterator<Row> call(Iterator<Row> paths) {
        return new Digests(paths);
    }

    private final class Digests implements Iterator<Row> {
        private final Iterator<Row> paths;
        private final Deque<CompletableFuture<Row>> under = new ArrayDeque<>();

        Digests(Iterator<Row> paths) {
            this.paths = paths;
        }

        @Override
        public boolean hasNext() {
            return !under.isEmpty() || paths.hasNext();
        }

        @Override
        public Row next() {
            while (under.size() < AT_ONCE && paths.hasNext()) {
                String path = paths.next().getString(0);
                under.addLast(ReadAhead.start(() -> digest(path)));
            }
            if (under.isEmpty()) {
                throw new NoSuchElementException();
            }
            return FileImage.result(under.removeFirst());
        }

        private Row digest(String path) {
            FileDigest digest = FileDigest.of(files, path);
            return RowFactory.create(path, digest.hash(), digest.size());
        }
    }
}
