package io.embedlake.spark;

import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Brings a model's directory or file from the driver to executors that do not see it, through Spark's own distribution of files; as
 * an archive, because Spark distributes no local directory, and files only under their own names, which two models may share.
 * Stateless.
 */
final class ShippedModel {
    private ShippedModel() {}

    /**
     * Offers the model to executors on other machines; does nothing for a local master or a model that is not on the disk.
     *
     * @throws EmbedlakeException {@link ErrorKind#STORAGE} when the model cannot be packed
     */
    static void offer(SparkContext context, EmbedderSpec spec) {
        String model = spec.settings().getOrDefault(EmbedderSpec.MODEL, "");
        if (context.isLocal() || model.isEmpty() || !Files.exists(Path.of(model))) {
            return;
        }
        String name = name(spec);
        boolean offered = CollectionConverters.asJava(context.listArchives()).stream()
                .anyMatch(archive -> archive.endsWith("#" + name));
        if (!offered) {
            context.addArchive(packed(Path.of(model)).toUri() + "#" + name);
        }
    }

    /** The spec with the model where this machine has it. */
    static EmbedderSpec localise(EmbedderSpec spec) {
        String model = spec.settings().getOrDefault(EmbedderSpec.MODEL, "");
        if (model.isEmpty() || Files.exists(Path.of(model))) {
            return spec;
        }
        Path shipped =
                Path.of(SparkFiles.get(name(spec))).resolve(Path.of(model).getFileName());
        return Files.exists(shipped) ? spec.with(EmbedderSpec.MODEL, shipped.toString()) : spec;
    }

    /** Models of one job never share a name, whatever their directories are called. */
    private static String name(EmbedderSpec spec) {
        return "embedlake-model-" + spec.fingerprint().hash();
    }

    /**
     * The model under its own name in an archive that lives as long as this JVM; weights do not get smaller, so nothing is compressed.
     */
    static Path packed(Path model) {
        Path folder = model.toAbsolutePath().getParent();
        try {
            Path archive = Files.createTempFile("embedlake-model-", ".zip");
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
