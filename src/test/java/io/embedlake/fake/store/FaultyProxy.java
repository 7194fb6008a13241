package io.embedlake.fake.store;

import io.embedlake.retry.Sleeper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a server of S3 on this machine, counts the requests, lets them wait, and refuses some with 503 SlowDown or
 * resets their connections. A thread for each connection; a request is passed on over a connection of its own. Thread-safe; closed by
 * whoever made it.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final String SLOW_DOWN = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>"
            + "<RequestId>0000000000000000</RequestId><HostId>embedlake</HostId></Error>";

    private final InetSocketAddress store;
    private final Sleeper sleeper;
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong count = new AtomicLong();
    private final Traffic traffic = new Traffic();
    private volatile Weather weather = Weather.FAIR;
    private volatile Watcher watcher = Watcher.NOBODY;

    /**
     * Starts on a free port.
     *
     * @param store the server
     * @param sleeper how requests wait
     */
    public FaultyProxy(InetSocketAddress store, Sleeper sleeper) {
        this.store = store;
        this.sleeper = sleeper;
        try {
            door = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Where clients find it. */
    public String endpoint() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    /** What has passed. */
    public Traffic traffic() {
        return traffic;
    }

    /** Changes what requests meet from now on. */
    public void weather(Weather next) {
        weather = next;
    }

    /** Lets somebody see all requests from now on. */
    public void watcher(Watcher next) {
        watcher = next;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream());
            boolean goesOn = true;
            while (goesOn) {
                Optional<HttpMessage.Head> head = HttpMessage.Head.read(in);
                if (head.isEmpty()) {
                    return;
                }
                if (head.get().header("Expect").isPresent()) {
                    out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
                goesOn = answer(head.get().without("Expect").withBody(in), out);
                if (!goesOn) {
                    // What is left in the buffers is thrown away: the client's next read fails with a reset.
                    client.setSoLinger(true, 0);
                }
            }
        } catch (IOException e) {
            // The client or the store has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    /** Whether the connection goes on. */
    private boolean answer(HttpMessage message, OutputStream out) throws IOException, InterruptedException {
        StoreRequest request = StoreRequest.of(message);
        Weather now = weather;
        Weather.Fate fate = now.fate(count.getAndIncrement());
        traffic.count(request, fate);
        if (!now.latency().isZero()) {
            sleeper.sleep(now.latency());
        }
        if (fate == Weather.Fate.UNHEARD || watcher.arrived(request) == Watcher.Outcome.IS_LOST) {
            return false;
        }
        if (fate == Weather.Fate.REFUSED) {
            slowDown(request).write(out);
            return true;
        }
        HttpMessage answer = request.isConditional() ? passedOnAlone(message, request) : passedOn(message, request);
        if (watcher.obeyed(request) == Watcher.Outcome.IS_LOST || fate == Weather.Fate.UNANSWERED) {
            return false;
        }
        if (fate == Weather.Fate.CUT) {
            if (answer.body().length > 0) {
                answer.write(out, answer.body().length / 2);
            }
            return false;
        }
        answer.write(out);
        return answer.head()
                .header("Connection")
                .filter("close"::equalsIgnoreCase)
                .isEmpty();
    }

    private static HttpMessage slowDown(StoreRequest request) {
        byte[] body = SLOW_DOWN.getBytes(StandardCharsets.UTF_8);
        return new HttpMessage(
                "HTTP/1.1 503 Slow Down",
                List.of("Content-Type: application/xml", "Content-Length: " + body.length),
                request.kind() == StoreRequest.Kind.HEAD ? new byte[0] : body);
    }

    /** S3Mock looks whether there is an object, and writes it then: S3 does both at once. */
    private synchronized HttpMessage passedOnAlone(HttpMessage message, StoreRequest request) throws IOException {
        return passedOn(message, request);
    }

    private HttpMessage passedOn(HttpMessage message, StoreRequest request) throws IOException {
        try (Socket server = new Socket(store.getAddress(), store.getPort())) {
            server.setTcpNoDelay(true);
            OutputStream out = new BufferedOutputStream(server.getOutputStream());
            message.write(out);
            InputStream in = new BufferedInputStream(server.getInputStream());
            HttpMessage.Head head =
                    HttpMessage.Head.read(in).orElseThrow(() -> new IOException("the store does not answer"));
            String status = head.startLine().split(" ")[1];
            boolean hasBody =
                    request.kind() != StoreRequest.Kind.HEAD && !status.equals("204") && !status.equals("304");
            return hasBody ? head.withBody(in) : head.withoutBody();
        }
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            // It is of no more use.
        }
        threads.shutdownNow();
    }
}
