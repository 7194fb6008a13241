package io.embedlake.spark.spool;

import io.embedlake.spark.store.NewFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file in a run's folder that changes every few seconds as long as a process uses the folder. Thread-safe; closed by its owner,
 * which removes the file, or ends it.
 */
final class Heartbeat implements AutoCloseable {
    /** How often the file changes. */
    static final Duration BEAT = Duration.ofSeconds(3);
    /** An owner that has not changed the file for this long, while it was watched, is dead. */
    static final Duration WATCH = Duration.ofSeconds(15);
    /** By its own time: a file this old is not watched. Clocks of machines differ by less. */
    static final Duration FORGOTTEN = Duration.ofMinutes(10);

    static final String FILE = "alive";

    private static final String ENDED = "ended";

    private final FileSystem files;
    private final Path file;
    private final Clock clock;
    private final Repeating beats;
    private long count;
    private Instant last;
    private boolean isClosed;

    /** @param last when its file was made */
    private Heartbeat(FileSystem files, Path file, Instant last, Clock clock) {
        this.files = files;
        this.file = file;
        this.last = last;
        this.clock = clock;
        this.beats = Repeating.every(BEAT, "embedlake-alive", this::beatAgain);
    }

    /** Writes the file, and keeps changing it. */
    static Heartbeat start(FileSystem files, Path folder, Clock clock) throws IOException {
        Path file = new Path(folder, FILE);
        Instant now = clock.instant();
        write(files, file, now + " 0");
        return new Heartbeat(files, file, now, clock);
    }

    /**
     * The same where there is no such file, of an owner that has ended neither.
     *
     * @param owner no other has its name
     * @return empty when there is one
     */
    static Optional<Heartbeat> startFirst(FileSystem files, Path folder, String owner, Clock clock) throws IOException {
        Path file = new Path(folder, FILE);
        Instant now = clock.instant();
        byte[] content = (now + " " + owner).getBytes(StandardCharsets.US_ASCII);
        return NewFile.make(files, file, content)
                ? Optional.of(new Heartbeat(files, file, now, clock))
                : Optional.empty();
    }

    private static void write(FileSystem files, Path file, String content) throws IOException {
        try (FSDataOutputStream out = files.create(file, true)) {
            out.write(content.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The content of a folder's file; empty where there is none. */
    static Optional<String> of(FileSystem files, Path folder) throws IOException {
        try (FSDataInputStream in = files.open(new Path(folder, FILE))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether a file was written so long ago that it need not be watched. */
    static boolean isForgotten(String said, Instant now) {
        try {
            return Instant.parse(said.split(" ", 2)[0]).plus(FORGOTTEN).isBefore(now);
        } catch (DateTimeParseException e) {
            // It was being written when its process was killed, or is being written now.
            return false;
        }
    }

    /** Whether this is what {@link #end} leaves. */
    static boolean isEnded(String said) {
        return said.equals(ENDED);
    }

    private synchronized void beat() throws IOException {
        if (isClosed) {
            return;
        }
        Instant now = clock.instant();
        write(files, file, now + " " + ++count);
        // The next beat may not count when the process stood still meanwhile: somebody may think that it is dead.
        if (!isOverdue(now)) {
            last = now;
        }
    }

    /** Whether somebody who watches the file may think that its owner is dead; once true, it stays true. */
    synchronized boolean isOverdue() {
        return isOverdue(clock.instant());
    }

    private boolean isOverdue(Instant now) {
        return Duration.between(last, now).compareTo(WATCH.minus(BEAT)) > 0;
    }

    private void beatAgain() {
        try {
            beat();
        } catch (IOException e) {
            // The next one may reach the storage: one is not enough for another run to think that this one is dead.
        }
    }

    /** Closes this, and lets the file say so; after a time that is too long others have taken over, and may have removed the folder. */
    void end() {
        beats.close();
        synchronized (this) {
            isClosed = true;
            if (isOverdue()) {
                return;
            }
            try {
                write(files, file, ENDED);
            } catch (IOException e) {
                // Whoever waits watches it for some seconds.
            }
        }
    }

    @Override
    public void close() {
        beats.close();
        synchronized (this) {
            isClosed = true;
            try {
                files.delete(file, false);
            } catch (IOException e) {
                // The next run watches it for some seconds.
            }
        }
    }
}
