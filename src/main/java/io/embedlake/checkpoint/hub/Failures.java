package io.embedlake.checkpoint.hub;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says what failed without repeating foreign messages, which may hold signed addresses. Stateless. */
final class Failures {
    private Failures() {}

    static String reason(IOException failure) {
        if (failure instanceof HubStatusException || failure instanceof CutException) {
            return failure.getMessage();
        }
        if (failure instanceof UnknownHostException) {
            return "a host's address is unknown";
        }
        if (failure instanceof ConnectException) {
            return "no connection";
        }
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (failure instanceof SSLException) {
            return "no secure connection: " + failure.getClass().getSimpleName();
        }
        return "the connection broke: " + failure.getClass().getSimpleName();
    }

    /** The thread is told to end, and stays told. */
    static EmbedlakeException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new EmbedlakeException(
                ErrorKind.TRANSIENT,
                "Cannot go on with the download: the thread was interrupted (it is done from the start to the end)."
                        + " Run it again; what has arrived is kept.",
                cause);
    }
}
