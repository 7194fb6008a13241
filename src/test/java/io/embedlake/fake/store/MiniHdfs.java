package io.embedlake.fake.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cluster of HDFS in one process: a name node and data nodes. Confined to one thread; closed by whoever started it. */
public final class MiniHdfs implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private MiniHdfs(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param folder for its blocks
     * @param dataNodes how many there are
     */
    public static MiniHdfs start(Path folder, int dataNodes) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        Path ready = folder.resolve("ready.xml");
        ServerProcess process = new ServerProcess(
                folder,
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dtest.build.data=" + folder.resolve("blocks"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.apache.hadoop.test.MiniDFSClusterManager",
                        "-format",
                        "-datanodes",
                        Integer.toString(dataNodes),
                        "-nnport",
                        Integer.toString(port),
                        "-writeConfig",
                        ready.toString()));
        process.await(() -> Files.exists(ready) && Files.size(ready) > 0);
        return new MiniHdfs(process, port);
    }

    /** The root of its files, without a slash at the end. */
    public String root() {
        return "hdfs://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
