package io.embedlake.http;

import java.util.regex.Pattern;

/** Tells this machine from others. Stateless. */
public final class Loopback {
    private static final Pattern HOST =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]", Pattern.CASE_INSENSITIVE);

    private Loopback() {}

    /** Whether a host, as it stands in a URL, is this machine. */
    public static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }
}
