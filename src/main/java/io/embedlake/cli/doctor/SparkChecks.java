package io.embedlake.cli.doctor;

import io.embedlake.config.Setting;
import io.embedlake.spark.Sessions;
import io.embedlake.spark.job.Versions;
import io.embedlake.spark.store.Failures;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Looks at Spark and Delta Lake, and keeps the session for the checks that follow. Confined to one thread; closed by its owner. */
final class SparkChecks implements AutoCloseable {
    /** What embedlake is tested with: the profile matrix of the build. */
    private static final List<String> TESTED_SPARK = List.of("4.0", "4.1", "4.2");

    private static final List<String> TESTED_DELTA = List.of("4.0", "4.1", "4.2", "4.3", "4.4");
    private static final int ROWS = 3;

    private final Map<String, Setting> settings;
    private final Map<String, String> environment;
    private Optional<Sessions.Lease> lease = Optional.empty();

    SparkChecks(Map<String, Setting> settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    void addTo(Checks checks) {
        checks.add("spark", this::spark).add("delta", this::delta);
    }

    /**
     * The session that the check of Spark opened.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it could not
     */
    SparkSession session() {
        return lease.map(Sessions.Lease::spark)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "not checked: there is no Spark session. Correct what the check spark says."));
    }

    @Override
    public void close() {
        lease.ifPresent(Sessions.Lease::close);
    }

    private Finding spark() {
        lease = Optional.of(Sessions.lease("doctor", settings, environment));
        String version = Versions.all().get("spark");
        String found = version + ", master " + session().sparkContext().master();
        return tested(version, found, TESTED_SPARK);
    }

    /** Executors on other machines do not see a folder of this one. */
    private Finding delta() throws IOException {
        String version = Versions.all().get("delta");
        boolean isLocal = session().sparkContext().isLocal();
        if (isLocal) {
            writeAndRead();
        }
        String found = version + (isLocal ? ", a small table was written and read" : "");
        return tested(version, found, TESTED_DELTA);
    }

    private static Finding tested(String version, String found, List<String> releases) {
        return releases.stream().anyMatch(release -> version.startsWith(release + "."))
                ? Finding.ok(found)
                : Finding.warning(
                        found + " (embedlake is tested with " + String.join(", ", releases) + "). Use one of these.");
    }

    private void writeAndRead() throws IOException {
        Path folder = Files.createTempDirectory("embedlake-doctor");
        try {
            Failures.on("write a small Delta table", "Add Delta Lake to the class path of Spark.", () -> {
                String table = folder.resolve("table").toString();
                session().range(ROWS).write().format("delta").save(table);
                long rows = session().read().format("delta").load(table).count();
                if (rows != ROWS) {
                    throw new EmbedlakeException(
                            ErrorKind.PROTOCOL,
                            rows + " rows were read where " + ROWS
                                    + " were written. Do not use this version of Delta.");
                }
            });
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
