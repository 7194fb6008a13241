package io.embedlake.spark.spool;

import io.embedlake.spark.metrics.ExecutorTotals;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A wave whose texts are kept in a folder, with a folder in it for each partition. Immutable; travels to executors.
 *
 * @param attempts which attempts at a partition may be at work at the same time
 */
record SpooledWave(String folder, SerializableConfiguration configuration, Attempts attempts) implements WaveLog {
    /** Longer than most calls take; a call that takes longer has probably failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public Attempt attempt(int partition) {
        return new SpooledAttempt(new Path(folder, Integer.toString(partition)));
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    /** Lists the folder of its partition once, when it begins. */
    private final class SpooledAttempt implements Attempt {
        private final SegmentReader reader = new SegmentReader(configuration);
        private final Optional<Turn> turn;
        private final List<String> earlier;
        private final Set<String> hashes = new HashSet<>();
        private final SegmentWriter writer;
        private final Repeating timer;

        SpooledAttempt(Path partition) {
            FileSystem files = Spool.fileSystem(partition, configuration.value());
            String name = UUID.randomUUID().toString();
            this.turn = attempts == Attempts.SPECULATIVE ? Optional.of(turn(files, partition, name)) : Optional.empty();
            try {
                this.earlier = list(files, partition);
                earlier.forEach(file -> reader.read(file).forEach(text -> hashes.add(text.hash())));
            } catch (RuntimeException e) {
                turn.ifPresent(Turn::close);
                throw e;
            }
            this.writer =
                    new SegmentWriter(files, new Path(partition, name), System::nanoTime, ExecutorTotals::spooled);
            this.timer = Repeating.every(SegmentWriter.SOON, "embedlake-spool", writer::writeIfDue);
        }

        private static Turn turn(FileSystem files, Path partition, String name) {
            try {
                return Turn.await(files, partition, name, Clock.systemUTC(), SpooledAttempt::sleep);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Spark interrupts an attempt that it needs no more. */
        private static void sleep(Duration time) {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EmbedlakeException(
                        ErrorKind.TRANSIENT, "Cannot go on: the task was interrupted (another attempt has ended).", e);
            }
        }

        private static List<String> list(FileSystem files, Path partition) {
            try {
                return Arrays.stream(files.listStatus(partition))
                        .filter(FileStatus::isFile)
                        .map(FileStatus::getPath)
                        .map(Path::toString)
                        .sorted()
                        .toList();
            } catch (FileNotFoundException e) {
                return List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean has(String hash) {
            if (turn.filter(Turn::isLost).isPresent()) {
                throw new EmbedlakeException(
                        ErrorKind.TRANSIENT,
                        "Cannot go on: this attempt of the task stood still for long (another may have taken over). Spark repeats it.");
            }
            return hashes.contains(hash);
        }

        @Override
        public Iterator<PaidText> earlier() {
            Set<String> seen = new HashSet<>();
            Stream<PaidText> texts = earlier.stream().flatMap(file -> reader.read(file).stream());
            return texts.filter(text -> seen.add(text.hash())).iterator();
        }

        @Override
        public void keep(PaidText text) {
            writer.keep(text);
        }

        @Override
        public void flush() {
            writer.flush();
        }

        @Override
        public void close() {
            timer.close();
            try {
                writer.close();
            } finally {
                turn.ifPresent(Turn::close);
            }
        }
    }
}
