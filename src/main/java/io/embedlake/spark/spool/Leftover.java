package io.embedlake.spark.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * What runs that ended or died have left, claimed by this one until it is closed: other runs leave it alone. Confined to one thread; closed by its owner.
 */
public final class Leftover implements AutoCloseable {
    private final FileSystem fileSystem;
    private final List<Path> runs;
    private final List<String> running;
    private final List<Heartbeat> claims;
    private final List<String> files = new ArrayList<>();

    Leftover(FileSystem fileSystem, List<Path> runs, List<String> running, List<Heartbeat> claims) throws IOException {
        this.fileSystem = fileSystem;
        this.runs = runs;
        this.running = List.copyOf(running);
        this.claims = claims;
        for (Path run : runs) {
            RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(run, true);
            while (all.hasNext()) {
                Path file = all.next().getPath();
                if (!file.getName().equals(Heartbeat.FILE)) {
                    files.add(file.toString());
                }
            }
        }
    }

    /** The files of waves that were never committed. */
    public List<String> files() {
        return List.copyOf(files);
    }

    /** The runs that still go on: what they have paid for is theirs. */
    public List<String> running() {
        return running;
    }

    /** The texts of all files are committed. */
    public void remove() throws IOException {
        close();
        for (Path run : runs) {
            fileSystem.delete(run, true);
        }
    }

    @Override
    public void close() {
        claims.forEach(Heartbeat::close);
        claims.clear();
    }
}
