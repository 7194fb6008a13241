package io.embedlake.spark.spool;

import io.embedlake.embed.Fingerprint;
import io.embedlake.spark.store.RunId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder beside the store's files for what was paid for and is not committed yet:
 * {@code _spool/<fingerprint>/<run>-<wave>/<partition>-<attempt>-<number>}, each a {@link PaidFile} that is written once. Delta Lake passes
 * over folders that begin with an underscore. Used on the driver.
 */
public final class Spool {
    private static final String FOLDER = "_spool";

    private final Path root;
    private final Configuration configuration;

    /**
     * The spool of a store.
     *
     * @param store the folder of its table
     */
    public Spool(String store, Configuration configuration) {
        this.root = new Path(store, FOLDER);
        this.configuration = configuration;
    }

    /** Makes the folder of a wave's texts, and says how its tasks keep them. */
    public Keeping open(Fingerprint fingerprint, RunId run, long wave) throws IOException {
        Path folder = folder(fingerprint, run, wave);
        files().mkdirs(folder);
        return new KeptWave(folder.toString(), new SerializableConfiguration(configuration));
    }

    /** The wave is committed. */
    public void remove(Fingerprint fingerprint, RunId run, long wave) throws IOException {
        files().delete(folder(fingerprint, run, wave), true);
    }

    /** The files of waves that were never committed. */
    public List<String> left(Fingerprint fingerprint) throws IOException {
        List<String> left = new ArrayList<>();
        try {
            RemoteIterator<LocatedFileStatus> all = files().listFiles(folder(fingerprint), true);
            while (all.hasNext()) {
                left.add(all.next().getPath().toString());
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return left;
    }

    /** The texts of these files are committed, or of no use. */
    public void remove(List<String> left) throws IOException {
        Set<Path> waves = new HashSet<>();
        for (String file : left) {
            Path path = new Path(file);
            files().delete(path, false);
            waves.add(path.getParent());
        }
        for (Path wave : waves) {
            if (files().listStatus(wave).length == 0) {
                files().delete(wave, false);
            }
        }
    }

    /** What reads files in other JVMs. */
    public PaidFiles reader() {
        return new PaidFiles(new SerializableConfiguration(configuration));
    }

    private Path folder(Fingerprint fingerprint) {
        return new Path(root, fingerprint.hash());
    }

    private Path folder(Fingerprint fingerprint, RunId run, long wave) {
        return new Path(folder(fingerprint), run.text() + "-" + wave);
    }

    private FileSystem files() {
        return fileSystem(root, configuration);
    }

    static FileSystem fileSystem(Path path, Configuration configuration) {
        try {
            return path.getFileSystem(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
