package io.embedlake.spark.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** A wave whose texts are kept in a folder, with a folder in it for each partition. Immutable; travels to executors. */
record SpooledWave(String folder, SerializableConfiguration configuration) implements WaveLog {
    @Override
    public Attempt attempt(int partition) {
        return new SpooledAttempt(new Path(folder, Integer.toString(partition)));
    }

    /** Lists the folder of its partition once, when it begins. */
    private final class SpooledAttempt implements Attempt {
        private final SegmentReader reader = new SegmentReader(configuration);
        private final List<String> earlier;
        private final Set<String> hashes = new HashSet<>();
        private final SegmentWriter writer;
        private final Repeating timer;

        SpooledAttempt(Path partition) {
            FileSystem files = Spool.fileSystem(partition, configuration.value());
            this.earlier = list(files, partition);
            earlier.forEach(file -> reader.read(file).forEach(text -> hashes.add(text.hash())));
            this.writer = new SegmentWriter(
                    files, new Path(partition, UUID.randomUUID().toString()), System::nanoTime);
            this.timer = Repeating.every(SegmentWriter.SOON, "embedlake-spool", writer::writeIfDue);
        }

        private static List<String> list(FileSystem files, Path partition) {
            try {
                return Arrays.stream(files.listStatus(partition))
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
            writer.close();
        }
    }
}
