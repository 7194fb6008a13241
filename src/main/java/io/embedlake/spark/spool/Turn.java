package io.embedlake.spark.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right of one attempt to pay for the texts of a partition, held by a {@link Heartbeat} in a folder of its name. Stateless.
 */
final class Turn {
    private Turn() {}

    /**
     * Waits until no other attempt at the partition is at work: until each has ended, or has not changed its file for as long as that takes to notice.
     *
     * @param partition the folder of the partition
     * @param attempt the name of this one
     * @param pause waits this long
     * @return the turn; its owner closes it at the end of the attempt
     */
    static Heartbeat await(FileSystem files, Path partition, String attempt, Clock clock, Consumer<Duration> pause)
            throws IOException {
        Map<Path, String> said = new HashMap<>();
        Map<Path, Duration> silent = new HashMap<>();
        while (isTaken(files, partition, said, silent)) {
            pause.accept(Heartbeat.BEAT);
        }
        return Heartbeat.start(files, new Path(partition, attempt), clock);
    }

    private static boolean isTaken(FileSystem files, Path partition, Map<Path, String> said, Map<Path, Duration> silent)
            throws IOException {
        boolean isTaken = false;
        for (FileStatus other : list(files, partition)) {
            Optional<String> now = other.isDirectory() ? Heartbeat.of(files, other.getPath()) : Optional.empty();
            if (now.isPresent()) {
                boolean isSame = now.get().equals(said.put(other.getPath(), now.get()));
                Duration silence = isSame ? silent.get(other.getPath()).plus(Heartbeat.BEAT) : Duration.ZERO;
                silent.put(other.getPath(), silence);
                isTaken |= silence.compareTo(Heartbeat.WATCH) < 0;
            }
        }
        return isTaken;
    }

    private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
