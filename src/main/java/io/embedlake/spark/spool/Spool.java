package io.embedlake.spark.spool;

import io.embedlake.spark.store.RunId;
import io.embedlake.spi.Fingerprint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder beside the store's files for what a run has paid for and not committed yet:
 * {@code _spool/<fingerprint>/<run>/<wave>/<partition>/<attempt>-<number>}, each a {@link Segment}. Delta Lake passes over folders that
 * begin with an underscore. Confined to the driver; closed by its owner, which marks the run as ended.
 */
public final class Spool implements AutoCloseable {
    private static final String FOLDER = "_spool";

    private final Path root;
    private final Configuration configuration;
    private final RunId run;
    private final Attempts attempts;
    private final Clock clock;
    private final Map<Fingerprint, Heartbeat> alive = new LinkedHashMap<>();

    /**
     * The spool of a store, as a run uses it.
     *
     * @param store the folder of its table
     * @param attempts which attempts at a partition may be at work at the same time
     * @param clock for the file that marks the run as alive
     */
    public Spool(String store, Configuration configuration, RunId run, Attempts attempts, Clock clock) {
        this.root = new Path(store, FOLDER);
        this.configuration = configuration;
        this.run = run;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** Makes the folder of a wave's texts, and describes how tasks write them. From now on the run counts as alive. */
    public WaveLog open(Fingerprint fingerprint, long wave) throws IOException {
        if (!alive.containsKey(fingerprint)) {
            alive.put(fingerprint, Heartbeat.start(files(), folder(fingerprint), clock));
        }
        return new SpooledWave(
                folder(fingerprint, wave).toString(), new SerializableConfiguration(configuration), attempts);
    }

    /** The wave is committed. */
    public void remove(Fingerprint fingerprint, long wave) throws IOException {
        files().delete(folder(fingerprint, wave), true);
    }

    /**
     * Claims what runs have left that do not go on. A run that has neither ended nor changed its file lately is watched for some seconds.
     *
     * @param pause waits this long; called several times while a run is watched
     */
    public Leftover claim(Fingerprint fingerprint, Consumer<Duration> pause) throws IOException {
        FileSystem files = files();
        List<Path> dead = new ArrayList<>();
        Map<Path, String> watched = new LinkedHashMap<>();
        for (Path folder : runs(fingerprint)) {
            Optional<String> said = Heartbeat.of(files, folder);
            if (said.isEmpty() || Heartbeat.isForgotten(said.get(), clock.instant())) {
                dead.add(folder);
            } else {
                watched.put(folder, said.get());
            }
        }
        List<String> running = new ArrayList<>();
        for (Duration left = Heartbeat.WATCH;
                !watched.isEmpty() && left.compareTo(Duration.ZERO) > 0;
                left = left.minus(Heartbeat.BEAT)) {
            pause.accept(Heartbeat.BEAT);
            for (Path folder : List.copyOf(watched.keySet())) {
                Optional<String> said = Heartbeat.of(files, folder);
                if (said.isEmpty()) {
                    dead.add(folder);
                    watched.remove(folder);
                } else if (!said.get().equals(watched.get(folder))) {
                    running.add(folder.getName());
                    watched.remove(folder);
                }
            }
        }
        dead.addAll(watched.keySet());
        List<Heartbeat> claims = new ArrayList<>();
        for (Path folder : dead) {
            claims.add(Heartbeat.start(files, folder, clock));
        }
        return new Leftover(files, dead, running, claims);
    }

    /** The folders of all runs but this one. */
    private List<Path> runs(Fingerprint fingerprint) throws IOException {
        return list(files(), folder(fingerprint).getParent()).stream()
                .map(FileStatus::getPath)
                .filter(folder -> !folder.getName().equals(run.text()))
                .sorted()
                .toList();
    }

    /**
     * Removes the folders of runs that do not go on and have written nothing for long: the vectors in them are of models that no job has
     * used since, or there are none.
     *
     * @param store the folder of the store's table
     * @param oldest what was written since then stays
     * @return how many folders of runs were removed
     */
    public static long removeDead(String store, Configuration configuration, Instant oldest, Instant now)
            throws IOException {
        FileSystem files = fileSystem(new Path(store), configuration);
        long removed = 0;
        for (FileStatus fingerprint : list(files, new Path(store, FOLDER))) {
            for (FileStatus run : list(files, fingerprint.getPath())) {
                Optional<String> said = Heartbeat.of(files, run.getPath());
                boolean isDead = said.isEmpty() || Heartbeat.isForgotten(said.get(), now);
                if (isDead && newest(files, run).isBefore(oldest) && files.delete(run.getPath(), true)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    private static Instant newest(FileSystem files, FileStatus folder) throws IOException {
        long newest = folder.getModificationTime();
        for (RemoteIterator<LocatedFileStatus> all = files.listFiles(folder.getPath(), true); all.hasNext(); ) {
            newest = Math.max(newest, all.next().getModificationTime());
        }
        return Instant.ofEpochMilli(newest);
    }

    private static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
        try {
            return Arrays.stream(files.listStatus(folder))
                    .filter(FileStatus::isDirectory)
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** What reads files in other JVMs. */
    public SegmentReader reader() {
        return new SegmentReader(new SerializableConfiguration(configuration));
    }

    /** The run has ended: what it leaves is for the next one. */
    @Override
    public void close() {
        alive.forEach((fingerprint, heartbeat) -> {
            heartbeat.close();
            removeEmpty(folder(fingerprint));
        });
        alive.clear();
    }

    private void removeEmpty(Path folder) {
        try {
            if (files().listStatus(folder).length == 0) {
                files().delete(folder, false);
            }
        } catch (IOException e) {
            // It is gone, or the next run removes it.
        }
    }

    private Path folder(Fingerprint fingerprint) {
        return new Path(new Path(root, fingerprint.hash()), run.text());
    }

    private Path folder(Fingerprint fingerprint, long wave) {
        return new Path(folder(fingerprint), Long.toString(wave));
    }

    private FileSystem files() {
        return fileSystem(root, configuration);
    }

    /** The file system of a path; segments have checksums, so none are written beside them, and files can grow. */
    static FileSystem fileSystem(Path path, Configuration configuration) {
        try {
            FileSystem files = path.getFileSystem(configuration);
            return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
