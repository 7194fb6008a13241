package io.embedlake.spark.executor;

import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Brings a model's directory or file from the driver to executors that do not see it, through Spark's own distribution of files; as
 * an archive, because Spark distributes no local directory, and files only under their own names, which two models may share. Stateless.
 *
 * <p>Where a session isolates its artifacts, tasks do not see what a context distributes (SPARK-53478): they fetch it from the driver's
 * file server, once an executor.
 */
public final class ShippedModel {
    private ShippedModel() {}

    /**
     * Offers the model to executors on other machines; does nothing for a local master or a model that is not on the disk.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the model cannot be packed
     */
    public static void offer(SparkContext context, EmbedderSpec spec) {
        String model = spec.model().orElse("");
        if (context.isLocal() || model.isEmpty() || !Files.exists(Path.of(model))) {
            return;
        }
        String name = name(spec);
        boolean offered = CollectionConverters.asJava(context.listArchives()).stream()
                .anyMatch(archive -> archive.endsWith("#" + name));
        if (!offered) {
            context.addArchive(packed(Path.of(model), name).toUri() + "#" + name);
        }
    }

    /**
     * The spec with the model where this machine has it.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when it has to be fetched from the driver and cannot be
     */
    public static EmbedderSpec localise(EmbedderSpec spec) {
        String model = spec.model().orElse("");
        if (model.isEmpty() || Files.exists(Path.of(model))) {
            return spec;
        }
        Path file = Path.of(model).getFileName();
        Path shipped = Path.of(SparkFiles.get(name(spec))).resolve(file);
        if (!Files.exists(shipped) && Path.of(model).isAbsolute()) {
            shipped = fetched(name(spec)).resolve(file);
        }
        return Files.exists(shipped) ? spec.at(shipped.toString()) : spec;
    }

    /** Where this executor has the archive's files; the tasks of an executor wait for the one that fetches them. */
    private static synchronized Path fetched(String name) {
        Path folder = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath().resolve(name + "-fetched");
        if (Files.exists(folder)) {
            return folder;
        }
        SparkConf conf = SparkEnv.get().conf();
        String url = "spark://" + conf.get("spark.driver.host") + ":" + conf.get("spark.driver.port") + "/files/"
                + archive(name);
        try {
            Path partial = Files.createTempDirectory(folder.getParent(), name);
            unpack(Channels.newInputStream(SparkEnv.get().rpcEnv().openChannel(url)), partial);
            return Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot fetch the model from the driver: " + url + " (" + e.getMessage()
                            + "). Put the model where every machine sees it under the same path.",
                    e);
        }
    }

    /** Writes the files of an archive below a folder. */
    static void unpack(InputStream archive, Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        try (ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = root.resolve(entry.getName()).normalize();
                if (!file.startsWith(root)) {
                    throw new IOException("an entry outside of the archive: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    /** The archive's name on the driver's file server. */
    private static String archive(String name) {
        return name + ".zip";
    }

    /** Models of one job never share a name, even when their directories do. */
    private static String name(EmbedderSpec spec) {
        return "embedlake-model-" + spec.fingerprint().hash();
    }

    /**
     * The model under its own name in an archive that lives as long as this JVM; weights do not get smaller, so nothing is compressed.
     *
     * @param name of the archive, without its ending
     */
    static Path packed(Path model, String name) {
        Path folder = model.toAbsolutePath().getParent();
        try {
            Path place = Files.createTempDirectory("embedlake-model-");
            place.toFile().deleteOnExit();
            Path archive = place.resolve(archive(name));
            archive.toFile().deleteOnExit();
            try (OutputStream bytes = Files.newOutputStream(archive);
                    ZipOutputStream zip = new ZipOutputStream(bytes);
                    Stream<Path> found = Files.walk(model.toAbsolutePath())) {
                zip.setLevel(Deflater.NO_COMPRESSION);
                List<Path> files = found.filter(Files::isRegularFile).sorted().toList();
                for (Path file : files) {
                    zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
            return archive;
        } catch (IOException e) {
            throw new EmbedlakeException(
                    ErrorKind.STORAGE,
                    "Cannot pack the model " + model + " for the executors (" + e.getMessage()
                            + "). Make room in the folder for temporary files, or put the model where every machine sees it"
                            + " under the same path.",
                    e);
        }
    }
}
