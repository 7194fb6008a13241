package io.embedlake.spark.executor;

import io.embedlake.local.files.CacheFolder;
import io.embedlake.spark.RemotePath;
import io.embedlake.spark.WholeFile;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Describes the model of an embedding. A model on a file system that Spark reads, such as {@code s3a://bucket/models/bge}, is copied
 * into a folder of this machine first: once, for as long as its files have the same lengths and times. Stateless.
 */
public final class DescribedModel {
    private DescribedModel() {}

    /**
     * The spec of what a job asks for.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the model cannot be found or used, {@link ErrorKind#STORAGE}
     *     when it cannot be copied
     */
    public static EmbedderSpec of(Configuration hadoop, String platform, EmbedderRequest request) {
        Optional<java.nio.file.Path> local = request.model().flatMap(model -> copied(hadoop, model));
        if (local.isEmpty()) {
            return Platforms.named(platform).describe(request);
        }
        Optional<String> copy = local.map(java.nio.file.Path::toString);
        EmbedderSpec spec = Platforms.named(platform).describe(new EmbedderRequest(copy, request.options()));
        return spec.called(request.model().orElseThrow());
    }

    /** A remote model's copy. */
    private static Optional<java.nio.file.Path> copied(Configuration hadoop, String model) {
        try {
            Optional<Path> remote = RemotePath.of(model);
            if (remote.isEmpty()) {
                return Optional.empty();
            }
            Path place = remote.get();
            FileSystem files = place.getFileSystem(hadoop);
            boolean isFile = files.getFileStatus(place).isFile();
            List<LocatedFileStatus> listed = listed(files, place);
            StringBuilder version = new StringBuilder(model);
            listed.forEach(file -> version.append('\n')
                    .append(file.getPath())
                    .append(' ')
                    .append(file.getLen())
                    .append(' ')
                    .append(file.getModificationTime()));
            String name = Sha256.hex(version.toString().getBytes(StandardCharsets.UTF_8))
                    .substring(0, 16);
            java.nio.file.Path target =
                    CacheFolder.of(System.getenv()).resolve("remote").resolve(name);
            if (!Files.isDirectory(target)) {
                copy(files, files.makeQualified(isFile ? place.getParent() : place), listed, target);
            }
            return Optional.of(isFile ? target.resolve(place.getName()) : target);
        } catch (IOException | IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot copy the model " + model + " to this machine (" + e.getMessage()
                            + "). Check its path and that Spark may read it.",
                    e);
        }
    }

    private static List<LocatedFileStatus> listed(FileSystem files, Path place) throws IOException {
        List<LocatedFileStatus> listed = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> all = files.listFiles(place, true);
        while (all.hasNext()) {
            listed.add(all.next());
        }
        listed.sort(java.util.Comparator.comparing(LocatedFileStatus::getPath));
        return listed;
    }

    /** The folder appears whole or not at all, also when two processes copy it at once. */
    private static void copy(FileSystem files, Path folder, List<LocatedFileStatus> listed, java.nio.file.Path target)
            throws IOException {
        Files.createDirectories(target.getParent());
        java.nio.file.Path partial = Files.createTempDirectory(target.getParent(), "partial-");
        for (LocatedFileStatus file : listed) {
            String relative = folder.toUri().relativize(file.getPath().toUri()).getPath();
            java.nio.file.Path copy = partial.resolve(relative).normalize();
            if (!copy.startsWith(partial)) {
                throw new IOException("its file " + file.getPath() + " lies outside of it");
            }
            Files.createDirectories(copy.getParent());
            try (var bytes = WholeFile.open(files, file)) {
                Files.copy(bytes, copy);
            }
        }
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }
}
