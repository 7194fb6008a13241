package io.embedlake.process;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.Permission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A security manager that allows everything but connections to other machines and look-ups of their names; those it refuses
 * and remembers. A JVM gets it with {@code -Djava.security.manager}. Thread-safe.
 */
@SuppressWarnings("removal")
public final class ConnectionRecorder extends SecurityManager {
    private static final List<String> REFUSED = new CopyOnWriteArrayList<>();

    private final Set<String> ownNames = new HashSet<>(Set.of("localhost", "0.0.0.0", "::"));

    /** A JVM makes it as it starts. */
    public ConnectionRecorder() throws SocketException {
        try {
            ownNames.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            // A machine without a name of its own asks nobody for it.
        }
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(InetAddress::getHostAddress)
                .forEach(ownNames::add);
    }

    /** What was refused so far, in order. */
    static List<String> refused() {
        return List.copyOf(REFUSED);
    }

    @Override
    public void checkPermission(Permission permission) {}

    @Override
    public void checkPermission(Permission permission, Object context) {}

    /** A port of -1 stands for the look-up of a name. */
    @Override
    public void checkConnect(String host, int port) {
        String name = host.replaceAll("^\\[|]$", "");
        if (ownNames.contains(name)
                || name.startsWith("127.")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1")) {
            return;
        }
        String what = port == -1 ? "look up " + name : "connect to " + name + ":" + port;
        StackTraceElement[] stack = new Throwable().getStackTrace();
        REFUSED.add(what + " by " + List.of(stack).subList(1, Math.min(stack.length, 12)));
        throw new SecurityException(what);
    }

    @Override
    public void checkConnect(String host, int port, Object context) {
        checkConnect(host, port);
    }
}
