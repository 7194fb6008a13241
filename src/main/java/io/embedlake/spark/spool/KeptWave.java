package io.embedlake.spark.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** A wave whose texts are kept in a folder. Immutable; travels to executors. */
final class KeptWave implements Keeping {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final SerializableConfiguration configuration;

    KeptWave(String folder, SerializableConfiguration configuration) {
        this.folder = folder;
        this.configuration = configuration;
    }

    @Override
    public Attempt attempt(int partition) {
        return new Writer(partition, System::nanoTime);
    }

    /** Writes a file when there is much to keep, and four times a second while texts come: that much may be lost with its process. */
    private final class Writer implements Attempt {
        private static final long MOST_BYTES = 8 << 20;
        private static final long MOST_NANOS = 250_000_000;

        private final FileSystem files;
        private final String prefix;
        private final String attempt = UUID.randomUUID().toString();
        private final LongSupplier clock;
        private final PaidFiles reader = new PaidFiles(configuration);
        private final List<String> earlier;
        private final Set<String> hashes = new HashSet<>();
        private final List<PaidText> open = new ArrayList<>();
        private long openBytes;
        private long openNanos;
        private int written;

        Writer(int partition, LongSupplier clock) {
            this.files = Spool.fileSystem(new Path(folder), configuration.value());
            this.prefix = partition + "-";
            this.clock = clock;
            this.earlier = list();
            earlier.forEach(file -> reader.read(file).forEach(text -> hashes.add(text.hash())));
        }

        private List<String> list() {
            try {
                return Arrays.stream(files.listStatus(
                                new Path(folder), path -> path.getName().startsWith(prefix)))
                        .map(FileStatus::getPath)
                        .map(Path::toString)
                        .sorted()
                        .toList();
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
            long now = clock.getAsLong();
            if (open.isEmpty()) {
                openNanos = now;
            }
            open.add(text);
            openBytes += PaidFile.bytes(text);
            if (openBytes >= MOST_BYTES || now - openNanos >= MOST_NANOS) {
                flush();
            }
        }

        @Override
        public void flush() {
            if (open.isEmpty()) {
                return;
            }
            Path file = new Path(folder, prefix + attempt + "-" + written++);
            try (FSDataOutputStream out = files.create(file, false)) {
                out.write(PaidFile.bytes(open));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            open.clear();
            openBytes = 0;
        }

        @Override
        public void close() {
            flush();
        }
    }
}
