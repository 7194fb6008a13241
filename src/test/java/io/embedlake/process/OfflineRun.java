package io.embedlake.process;

import io.embedlake.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The main class of a JVM under {@link ConnectionRecorder}: runs a command, then shows that the recorder works. */
final class OfflineRun {
    private OfflineRun() {}

    /**
     * Runs.
     *
     * @param arguments the file for what the command tried, the file for what the probes tried, and the command
     */
    public static void main(String[] arguments) throws IOException {
        int exitCode =
                Main.run(System.getenv(), System.out, System.err, Arrays.copyOfRange(arguments, 2, arguments.length));
        List<String> byCommand = ConnectionRecorder.refused();
        Files.write(Path.of(arguments[0]), byCommand);
        probe(() -> InetAddress.getByName("embedlake.invalid"));
        probe(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("198.51.100.7", 443), 1);
            }
        });
        probe(() -> SocketChannel.open(new InetSocketAddress("203.0.113.7", 80)).close());
        probe(() -> new java.net.URL("http://embedlake.invalid/").openStream().close());
        List<String> all = ConnectionRecorder.refused();
        Files.write(Path.of(arguments[1]), all.subList(byCommand.size(), all.size()));
        System.exit(exitCode);
    }

    private interface Probe {
        void run() throws IOException;
    }

    private static void probe(Probe probe) throws IOException {
        try {
            probe.run();
            throw new IllegalStateException("a connection was made");
        } catch (SecurityException e) {
            // As it should be.
        }
    }
}
