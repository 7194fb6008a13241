package io.embedlake.cli.doctor;

import io.embedlake.local.files.CacheFolder;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spark.executor.ShippedModel;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.ErrorKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks at an executor, from one of its tasks; its other tasks wait meanwhile and say nothing, so that no executor is left out for being slow.
 * Immutable; runs on executors.
 *
 * @param doctor names the examination
 * @param models what the job embeds with
 * @param folders the folder of the job's store, where there is one
 * @param files Hadoop's settings
 */
record ExecutorProbe(String doctor, List<EmbedderSpec> models, List<String> folders, SerializableConfiguration files)
        implements FlatMapFunction<Iterator<Integer>, ExecutorAnswer> {
    static final String LOCAL_FOLDERS = "local folders";

    private static final String DRIVER = "driver";
    private static final long COMFORTABLE_DISK = 10L << 30;
    private static final long NEEDED_DISK = 1L << 30;
    private static final AtomicReference<String> LAST = new AtomicReference<>("");

    @Override
    public Iterator<ExecutorAnswer> call(Iterator<Integer> ignored) {
        synchronized (LAST) {
            return LAST.getAndSet(doctor).equals(doctor)
                    ? Collections.emptyIterator()
                    : List.of(answer()).iterator();
        }
    }

    private ExecutorAnswer answer() {
        long began = System.currentTimeMillis();
        SparkEnv executor = SparkEnv.get();
        boolean isDriver = executor.executorId().equals(DRIVER);
        Checks checks = new Checks();
        new MachineChecks(
                        CacheFolder.of(System.getenv()),
                        isDriver ? MachineChecks.HEAP_OF_DRIVER : MachineChecks.HEAP_OF_EXECUTOR)
                .addTo(checks);
        checks.add(
                LOCAL_FOLDERS,
                () -> space(executor.blockManager().diskBlockManager().localDirs()));
        folders.forEach(folder -> checks.add("store", () -> writable(new Path(folder))));
        models.forEach(spec -> checks.add("model " + spec.label(), () -> model(spec)));
        List<ExecutorAnswer.Line> lines = new ArrayList<>();
        checks.run((name, finding) -> lines.add(ExecutorAnswer.Line.of(name, finding)));
        return new ExecutorAnswer(
                executor.executorId(),
                executor.blockManager().blockManagerId().host(),
                began,
                System.currentTimeMillis(),
                lines);
    }

    /** Of the fullest folder: Spark uses them in turn. */
    private static Finding space(File[] folders) throws IOException {
        long least = Long.MAX_VALUE;
        String fullest = "";
        for (File folder : folders) {
            long free = Files.getFileStore(folder.toPath()).getUsableSpace();
            if (free < least) {
                least = free;
                fullest = folder.toString();
            }
        }
        String space = MachineChecks.readable(least) + " free in " + fullest;
        String advice =
                " (Spark keeps what it shuffles there, and the vectors of a wave until they are in the store). Free some space,"
                        + " or set spark.local.dir to a larger disk.";
        if (least < NEEDED_DISK) {
            return Finding.failed(ErrorKind.STORAGE, space + advice);
        }
        return least < COMFORTABLE_DISK ? Finding.warning(space + advice) : Finding.ok(space);
    }

    /** Delta Lake passes over files that begin with an underscore. */
    private Finding writable(Path folder) {
        Path file = new Path(folder, "_embedlake-doctor-" + UUID.randomUUID());
        try {
            FileSystem system = file.getFileSystem(files.value());
            try (FSDataOutputStream out = system.create(file, false)) {
                out.write(0);
            }
            system.delete(file, false);
            return Finding.ok("can be written");
        } catch (IOException e) {
            return Finding.failed(
                    ErrorKind.STORAGE,
                    folder + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "). Give executors the rights and the settings that the driver has.");
        }
    }

    private static Finding model(EmbedderSpec spec) {
        Optional<ProviderPlatform> provider = ProviderPlatform.of(spec);
        if (provider.isPresent()) {
            return provider.get()
                    .unreachable(spec)
                    .map(why -> Finding.failed(
                            ErrorKind.STORAGE,
                            provider.get().place(spec) + " cannot be reached (" + why
                                    + "). Open the way from executors to it, or name a proxy."))
                    .orElseGet(() -> Finding.ok("the provider answers"));
        }
        String model = ShippedModel.localise(spec).model().orElse("");
        return model.isEmpty() || Files.exists(java.nio.file.Path.of(model))
                ? Finding.ok("is here")
                : Finding.failed(
                        ErrorKind.STORAGE,
                        model
                                + " is not here (Spark ships it from the driver). Put the model where every machine sees it under"
                                + " the same path.");
    }
}
