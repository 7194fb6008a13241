package io.embedlake.fake.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** S3Mock, a server of S3 that keeps objects in files, with one bucket. Confined to one thread; closed by whoever started it. */
public final class S3Mock implements AutoCloseable {
    /** Its bucket. */
    public static final String BUCKET = "lake";

    private final ServerProcess process;
    private final int port;

    private S3Mock(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param folder for its objects
     */
    public static S3Mock start(Path folder) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        Files.createDirectories(folder.resolve("objects"));
        ServerProcess process = new ServerProcess(
                folder,
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        ServerProcess.jar("s3mock-").toString(),
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.httpPort=" + port,
                        "--com.adobe.testing.s3mock.store.initialBuckets=" + BUCKET,
                        "--com.adobe.testing.s3mock.store.root=" + folder.resolve("objects"),
                        "--com.adobe.testing.s3mock.store.retainFilesOnExit=true",
                        "--logging.level.root=WARN"));
        S3Mock mock = new S3Mock(process, port);
        process.await(() -> ServerProcess.isOpen(port));
        return mock;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The settings of Spark that lead to an endpoint: those that a user sets for a store that is not of Amazon's. */
    public static Map<String, String> settings(String endpoint) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("spark.hadoop.fs.s3a.endpoint", endpoint);
        settings.put("spark.hadoop.fs.s3a.endpoint.region", "us-east-1");
        settings.put("spark.hadoop.fs.s3a.path.style.access", "true");
        settings.put("spark.hadoop.fs.s3a.access.key", "test");
        settings.put("spark.hadoop.fs.s3a.secret.key", "test");
        settings.put("spark.hadoop.fs.s3a.connection.ssl.enabled", "false");
        return settings;
    }

    @Override
    public void close() {
        process.close();
    }
}
