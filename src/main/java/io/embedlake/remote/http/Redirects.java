package io.embedlake.remote.http;

import io.embedlake.remote.format.Reply;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Addresses that a server has moved within its own host, to which calls may go with their bodies and keys. Thread-safe. */
final class Redirects {
    private static final int MOST = 5;

    private final Map<URI, URI> moved = new ConcurrentHashMap<>();

    /** Where a call to this address goes now. */
    URI follow(URI address) {
        URI last = address;
        for (int step = 0; step < MOST && moved.containsKey(last); step++) {
            last = moved.get(last);
        }
        return last;
    }

    /**
     * Whether a reply sends the same call to another address of the same host, which is remembered.
     *
     * @param sentTo the address that replied
     */
    boolean learn(URI sentTo, Reply reply) {
        if (reply.status() != 307 && reply.status() != 308) {
            return false;
        }
        URI target;
        try {
            target = reply.header("location").map(sentTo::resolve).orElse(sentTo);
        } catch (IllegalArgumentException e) {
            return false;
        }
        boolean isLoop = follow(target).equals(sentTo);
        boolean isNew = !target.equals(moved.get(sentTo));
        if (isLoop || !isSameHost(sentTo, target) || isNew && moved.size() >= MOST) {
            return false;
        }
        moved.put(sentTo, target);
        return true;
    }

    /** The same origin, or its encrypted one. */
    private static boolean isSameHost(URI from, URI to) {
        boolean isSameOrigin = from.getScheme().equals(to.getScheme()) && port(from) == port(to);
        boolean isUpgrade = from.getScheme().equals("http") && "https".equals(to.getScheme()) && port(to) == 443;
        return from.getHost().equalsIgnoreCase(to.getHost()) && (isSameOrigin || isUpgrade);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
    }
}
