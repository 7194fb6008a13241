package io.embedlake.spark.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right of one attempt to pay for the texts of a partition. Turns are numbered, each has a folder with a {@link Heartbeat}, and
 * whoever makes the file of the next one has it: of several attempts that wait for a dead one, one. Thread-safe; closed at the end of the
 * attempt.
 */
record Turn(Heartbeat heartbeat) implements AutoCloseable {
    /** What the last turn's file says. */
    private record Last(long number, String said) {}

    /**
     * Waits until the last attempt has ended, or has not changed its file for as long as that takes to notice, and no other was faster then.
     *
     * @param partition the folder of the partition
     * @param attempt the name of this one
     * @param pause waits this long
     */
    static Turn await(FileSystem files, Path partition, String attempt, Clock clock, Consumer<Duration> pause)
            throws IOException {
        Optional<Last> before = Optional.empty();
        Duration silence = Duration.ZERO;
        while (true) {
            Optional<Last> last = last(files, partition);
            silence = last.equals(before) ? silence.plus(Heartbeat.BEAT) : Duration.ZERO;
            before = last;
            boolean isOver = last.isEmpty() || Heartbeat.isEnded(last.get().said());
            if (isOver || silence.compareTo(Heartbeat.WATCH) >= 0) {
                long next = last.map(Last::number).orElse(0L) + 1;
                Optional<Heartbeat> own =
                        Heartbeat.startFirst(files, new Path(partition, Long.toString(next)), attempt, clock);
                if (own.isPresent()) {
                    return new Turn(own.get());
                }
            }
            pause.accept(Heartbeat.BEAT);
        }
    }

    /** A folder may be there shortly before its file. */
    private static Optional<Last> last(FileSystem files, Path partition) throws IOException {
        for (Path folder : newestFirst(files, partition)) {
            Optional<String> said = Heartbeat.of(files, folder);
            if (said.isPresent()) {
                return Optional.of(new Last(number(folder), said.get()));
            }
        }
        return Optional.empty();
    }

    private static List<Path> newestFirst(FileSystem files, Path partition) throws IOException {
        try {
            return Arrays.stream(files.listStatus(partition))
                    .filter(FileStatus::isDirectory)
                    .map(FileStatus::getPath)
                    .sorted(Comparator.comparingLong(Turn::number).reversed())
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    private static long number(Path folder) {
        return Long.parseLong(folder.getName());
    }

    /** Whether another attempt may have taken over; once true, it stays true. */
    boolean isLost() {
        return heartbeat.isOverdue();
    }

    @Override
    public void close() {
        heartbeat.end();
    }
}
